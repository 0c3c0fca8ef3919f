#include <elf.h>

#include <cstring>

#include "hub/worker/plugin_file.hpp"

namespace sendhub::worker {
namespace {

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
constexpr const char* kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
constexpr const char* kMachineName = "AArch64";
#endif

// Structures are copied out, so that nothing depends on the alignment of hostile offsets.
class Bytes {
  public:
    explicit Bytes(std::span<const unsigned char> bytes) : bytes_(bytes) {}
    [[nodiscard]] bool has(std::uint64_t offset, std::uint64_t size) const {
        return offset <= bytes_.size() && size <= bytes_.size() - offset;
    }
    template <class T>
    bool get(std::uint64_t offset, T& out) const {
        if (!has(offset, sizeof(T))) return false;
        std::memcpy(&out, bytes_.data() + offset, sizeof(T));
        return true;
    }
    // The text at offset inside [begin, begin + size), ended by NUL; empty when it runs out.
    [[nodiscard]] std::string_view text(std::uint64_t begin, std::uint64_t size, std::uint64_t offset) const {
        if (!has(begin, size) || offset >= size) return {};
        const auto* first = reinterpret_cast<const char*>(bytes_.data() + begin + offset);
        const auto* end = static_cast<const char*>(std::memchr(first, 0, size - offset));
        return end ? std::string_view(first, static_cast<std::size_t>(end - first)) : std::string_view();
    }

  private:
    std::span<const unsigned char> bytes_;
};

// Is symbol defined and global in this dynamic symbol table? empty: yes.
std::string why_symbol_is_missing(const Bytes& bytes, const Elf64_Shdr& symbols, const Elf64_Shdr& names,
                                  std::string_view symbol) {
    if (symbols.sh_entsize != sizeof(Elf64_Sym) || !bytes.has(symbols.sh_offset, symbols.sh_size))
        return "its symbol table lies outside the file; copy it again, it is damaged or cut short";
    for (std::uint64_t i = 0; i < symbols.sh_size / sizeof(Elf64_Sym); ++i) {
        Elf64_Sym entry;
        if (!bytes.get(symbols.sh_offset + i * sizeof(Elf64_Sym), entry)) break;
        if (entry.st_shndx == SHN_UNDEF || ELF64_ST_TYPE(entry.st_info) != STT_FUNC) continue;
        if (ELF64_ST_BIND(entry.st_info) == STB_LOCAL) continue;
        const auto visibility = ELF64_ST_VISIBILITY(entry.st_other);
        if (visibility != STV_DEFAULT && visibility != STV_PROTECTED) continue;
        if (bytes.text(names.sh_offset, names.sh_size, entry.st_name) == symbol) return {};
    }
    return "it exports no function " + std::string(symbol) +
           "; a plugin exports exactly that one (SENDHUB_CONNECTOR or SENDHUB_TRANSPORT in one of its "
           "sources)";
}

}  // namespace

std::string why_not_a_library(std::span<const unsigned char> raw, std::string_view symbol) {
    const Bytes bytes(raw);
    Elf64_Ehdr header;
    if (!bytes.has(0, SELFMAG) || std::memcmp(raw.data(), ELFMAG, SELFMAG) != 0)
        return "it is not a shared library (no ELF header); give the .so that the build made";
    if (!bytes.get(0, header)) return "it ends inside the ELF header; copy it again, it was cut short";
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != kMachine)
        return "it is built for another platform (ELF class " + std::to_string(header.e_ident[EI_CLASS]) +
               ", machine " + std::to_string(header.e_machine) + "), this hub runs on 64-bit " +
               kMachineName + "; build it here";
    if (header.e_type != ET_DYN)
        return "it is an ELF file of type " + std::to_string(header.e_type) +
               ", not a shared library (type 3); link it with -shared";

    // A segment beyond the end of the file would be mapped, and kill the process when touched.
    if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0)
        return "it has no program headers; copy it again, it is damaged";
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        if (header.e_phoff > raw.size() ||
            !bytes.get(header.e_phoff + std::uint64_t{i} * sizeof segment, segment))
            return "its program headers lie outside the file; copy it again, it is damaged or cut short";
        if (segment.p_type == PT_LOAD && !bytes.has(segment.p_offset, segment.p_filesz))
            return "it is cut short: a segment ends beyond the " + std::to_string(raw.size()) +
                   " bytes of the file; copy it again";
    }

    if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shoff == 0 || header.e_shoff > raw.size())
        return "its section headers are missing or outside the file; copy it again, or build it without "
               "stripping them";
    for (unsigned i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr symbols, names;
        if (!bytes.get(header.e_shoff + std::uint64_t{i} * sizeof symbols, symbols))
            return "its section headers lie outside the file; copy it again, it is damaged or cut short";
        if (symbols.sh_type != SHT_DYNSYM) continue;
        if (symbols.sh_link >= header.e_shnum ||
            !bytes.get(header.e_shoff + std::uint64_t{symbols.sh_link} * sizeof names, names) ||
            names.sh_type != SHT_STRTAB)
            return "its symbol table has no names; copy it again, it is damaged";
        return why_symbol_is_missing(bytes, symbols, names, symbol);
    }
    return "it has no dynamic symbol table; link it with -shared";
}

}  // namespace sendhub::worker
