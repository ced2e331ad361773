#include "module.h"
#include <algorithm>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <sstream>

namespace ndlsim
{
static std::vector<Module*>& loaded() { static auto* all = new std::vector<Module*>; return *all; }
static std::map<std::string, Kernel>& table() { static auto* all = new std::map<std::string, Kernel>; return *all; }
static std::string& registration_error() { static auto* text = new std::string; return *text; }

const std::map<std::string, Kernel>& kernels() { return table(); }

std::string load_modules()
{
    static bool done = false;
    if (done) return registration_error();
    done = true;
    Dl_info here{};
    dladdr(reinterpret_cast<void*>(&load_modules), &here);
    std::string path = here.dli_fname;
    std::size_t slash = path.rfind('/');
    std::string folder = (slash == std::string::npos ? "." : path.substr(0, slash)) + "/kernels";
    DIR* listing = opendir(folder.c_str());
    if (listing == nullptr) return registration_error() = "the simulator has no folder " + folder;
    std::vector<std::string> files;
    while (dirent* entry = readdir(listing))
    {
        std::string name = entry->d_name;
        if (name.size() > 3 && name.substr(name.size() - 3) == ".so") files.push_back(folder + "/" + name);
    }
    closedir(listing);
    std::sort(files.begin(), files.end());
    for (const std::string& file : files)
    {
        std::size_t before = loaded().size();
        void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) return registration_error() = dlerror();
        for (std::size_t i = before; i < loaded().size(); i++) loaded()[i]->library = library;
    }
    return registration_error();
}

std::string manifest()
{
    std::ostringstream text;
    text << "ndlsim-manifest\n";
    for (const Module* module : loaded())
        for (unsigned k = 0; k < module->info->kernel_count; k++)
        {
            const KernelEntry& entry = *module->info->kernels[k];
            text << module->info->name << ' ' << entry.name;
            for (unsigned i = 0; i < entry.parameter_count; i++) text << ' ' << entry.parameters[i].kind << entry.parameters[i].size;
            text << '\n';
        }
    return text.str();
}

// The sizes of a PTX parameter list such as ".param .u64 f_param_0, .param .align 8 .b8 f_param_1[72]".
static std::vector<unsigned> parameter_sizes(const std::string& list)
{
    std::vector<unsigned> sizes;
    std::istringstream items(list);
    for (std::string item; std::getline(items, item, ',');)
    {
        std::size_t param = item.find(".param");
        if (param == std::string::npos) continue;
        unsigned size = 0, count = 1;
        std::istringstream words(item.substr(param + 6));
        for (std::string word; words >> word;)
        {
            if (word == ".align") { words >> word; continue; }
            if (word == ".ptr") continue;
            std::size_t digits = word.find_first_of("0123456789");
            if (word[0] == '.' && size == 0 && digits == 2) size = (unsigned)atoi(word.c_str() + 2) / 8;
            std::size_t bracket = word.find('[');
            if (bracket != std::string::npos) count = (unsigned)atoi(word.c_str() + bracket + 1);
        }
        sizes.push_back(size * count);
    }
    return sizes;
}

static std::string read_ptx(const std::string& text, std::vector<std::string>& names)
{
    if (text.find(".version") == std::string::npos || text.find(".target") == std::string::npos)
        return "the image is not PTX: it has no .version or .target";
    if (std::count(text.begin(), text.end(), '{') != std::count(text.begin(), text.end(), '}'))
        return "the PTX is cut off: its braces do not match";
    for (std::size_t at = text.find(".entry "); at != std::string::npos; at = text.find(".entry ", at + 1))
    {
        std::size_t open = text.find('(', at), close = text.find(')', at), begin = text.find_first_not_of(" \t\n", at + 7);
        if (open == std::string::npos || close == std::string::npos || close < open) return "the PTX is cut off in an .entry";
        std::string name = text.substr(begin, text.find_first_of(" \t\n(", begin) - begin);
        names.push_back(name);
        auto known = table().find(name);
        if (known == table().end()) continue;
        const KernelEntry& entry = *known->second.entry;
        std::vector<unsigned> sizes = parameter_sizes(text.substr(open + 1, close - open - 1));
        bool same = sizes.size() == entry.parameter_count;
        for (unsigned i = 0; same && i < entry.parameter_count; i++) same = sizes[i] == entry.parameters[i].size;
        if (!same) return "the PTX of kernel '" + name + "' has other parameters than the simulator's build: one of the two is stale";
    }
    return "";
}

std::string read_image(const char* image, std::vector<std::string>& names)
{
    if (image == nullptr || memcmp(image, "\x7f" "ELF", 4) == 0) return "the image is not PTX";
    std::string text = image;
    if (text.rfind("ndlsim-manifest", 0) != 0) return read_ptx(text, names);
    std::istringstream lines(text);
    std::string line;
    for (std::getline(lines, line); std::getline(lines, line);)
    {
        std::istringstream words(line);
        std::string module, name;
        if (words >> module >> name) names.push_back(name);
    }
    return "";
}
}

extern "C" __attribute__((visibility("default"))) void ndlsim_register_module(const ndlsim_module_info* info)
{
    using namespace ndlsim;
    auto* module = new Module{info, nullptr};
    loaded().push_back(module);
    for (unsigned k = 0; k < info->kernel_count; k++)
    {
        const KernelEntry* entry = info->kernels[k];
        auto [at, fresh] = table().insert({entry->name, Kernel{entry, module}});
        if (!fresh)
            registration_error() = "kernel '" + std::string(entry->name) + "' stands in " + info->name + ".cu and in "
                + at->second.module->info->name + ".cu";
    }
}
