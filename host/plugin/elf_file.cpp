#include "host/plugin/elf_file.hpp"

#include <cxxabi.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace parley::host {

namespace {

constexpr std::uint64_t most_table = 64 << 20;  // bytes of one table
constexpr std::size_t most_headers = 4096;

#if defined(__x86_64__)
constexpr std::uint16_t own_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t own_machine = EM_AARCH64;
#else
#error "say which ELF machine this is"
#endif

struct broken {
  std::string why;
};

constexpr const char* cut_short = "it is cut short: copy or build it again";

class reader {
 public:
  explicit reader(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat facts {};
    if (fd_ < 0 || fstat(fd_, &facts) != 0) throw broken{std::string("it cannot be read: ") + std::strerror(errno)};
    if (!S_ISREG(facts.st_mode)) throw broken{"it is no file"};
    size_ = static_cast<std::uint64_t>(facts.st_size);
  }
  reader(const reader&) = delete;
  ~reader() {
    if (fd_ >= 0) ::close(fd_);
  }

  std::uint64_t size() const { return size_; }

  void fill(void* out, std::uint64_t offset, std::uint64_t count) const {
    if (offset > size_ || count > size_ - offset) throw broken{cut_short};
    auto* at = static_cast<char*>(out);
    while (count > 0) {
      const ssize_t got = pread(fd_, at, count, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw broken{cut_short};
      at += got;
      offset += static_cast<std::uint64_t>(got);
      count -= static_cast<std::uint64_t>(got);
    }
  }

  template <class T>
  std::vector<T> table(std::uint64_t offset, std::uint64_t bytes) const {
    if (bytes > most_table) throw broken{"one of its tables is larger than 64 MiB: build it again"};
    std::vector<T> out(bytes / sizeof(T));
    if (!out.empty()) fill(out.data(), offset, out.size() * sizeof(T));
    return out;
  }

 private:
  int fd_;
  std::uint64_t size_ = 0;
};

class parser {
 public:
  explicit parser(const std::string& path) : in_(path) {}

  elf_file parse() {
    read_head();
    for (const auto& p : programs_) {
      if (p.p_filesz > 0 && (p.p_offset > in_.size() || p.p_filesz > in_.size() - p.p_offset)) throw broken{cut_short};
      if (p.p_type == PT_TLS && p.p_memsz > 0) out_.has_thread_locals = true;
      if (p.p_type == PT_NOTE) read_notes(p);
    }
    for (const auto& p : programs_) {
      if (p.p_type == PT_DYNAMIC) read_dynamic(p);
    }
    return std::move(out_);
  }

 private:
  void read_head() {
    Elf64_Ehdr head{};
    if (in_.size() < EI_NIDENT) throw broken{"the file is too short to be a shared library: " + std::string(cut_short)};
    in_.fill(&head, 0, EI_NIDENT);
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) {
      throw broken{"this is no shared library: name the .so that parley_add_plugin() builds"};
    }
    if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB) throw other_machine();
    in_.fill(&head, 0, sizeof head);
    if (head.e_machine != own_machine) throw other_machine();
    if (head.e_type == ET_REL) throw broken{"this is an object file: name the .so that parley_add_plugin() builds"};
    if (head.e_type != ET_DYN) throw broken{"this is a program: name the .so that parley_add_plugin() builds"};
    if (head.e_phentsize != sizeof(Elf64_Phdr) || head.e_phnum > most_headers) {
      throw broken{"its program headers make no sense: build it again"};
    }
    programs_ = in_.table<Elf64_Phdr>(head.e_phoff, std::uint64_t{head.e_phnum} * sizeof(Elf64_Phdr));
    // Section headers come last in the file: a copy or a link that has not finished lacks them.
    const auto sections = std::uint64_t{head.e_shnum} * head.e_shentsize;
    if (head.e_shoff > in_.size() || sections > in_.size() - head.e_shoff) throw broken{cut_short};
  }

  static broken other_machine() { return {"it was built for another kind of machine: build it on this one"}; }

  void read_notes(const Elf64_Phdr& p) {
    const auto raw = in_.table<char>(p.p_offset, p.p_filesz);
    const std::uint64_t align = p.p_align == 8 ? 8 : 4;
    const auto padded = [align](std::uint64_t n) { return (n + align - 1) / align * align; };
    std::uint64_t at = 0;
    while (raw.size() - at >= sizeof(Elf64_Nhdr)) {
      Elf64_Nhdr note;
      std::memcpy(&note, raw.data() + at, sizeof note);
      const auto name = at + sizeof note;
      const auto text = name + padded(note.n_namesz);
      const auto end = text + padded(note.n_descsz);
      if (text > raw.size() || text + note.n_descsz > raw.size()) return;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(raw.data() + name, "GNU", 4) == 0) {
        static constexpr char digits[] = "0123456789abcdef";
        for (std::uint32_t i = 0; i < note.n_descsz && i < 64; ++i) {
          const auto byte = static_cast<unsigned char>(raw[text + i]);
          out_.build_id += {digits[byte >> 4], digits[byte & 15]};
        }
      }
      if (end > raw.size()) return;
      at = end;
    }
  }

  /// Where the loader's address lies in the file.
  std::uint64_t offset_of(std::uint64_t address) const {
    for (const auto& p : programs_) {
      if (p.p_type == PT_LOAD && address >= p.p_vaddr && address - p.p_vaddr < p.p_filesz) {
        return p.p_offset + (address - p.p_vaddr);
      }
    }
    throw broken{"its dynamic section points outside the file: build it again"};
  }

  void read_dynamic(const Elf64_Phdr& p) {
    std::uint64_t symbols = 0, strings = 0, strings_size = 0, gnu_hash = 0, hash = 0;
    std::vector<std::uint64_t> needed;
    for (const auto& d : in_.table<Elf64_Dyn>(p.p_offset, p.p_filesz)) {
      if (d.d_tag == DT_NULL) break;
      if (d.d_tag == DT_SYMTAB) symbols = d.d_un.d_ptr;
      if (d.d_tag == DT_STRTAB) strings = d.d_un.d_ptr;
      if (d.d_tag == DT_STRSZ) strings_size = d.d_un.d_val;
      if (d.d_tag == DT_GNU_HASH) gnu_hash = d.d_un.d_ptr;
      if (d.d_tag == DT_HASH) hash = d.d_un.d_ptr;
      if (d.d_tag == DT_FLAGS) out_.flags = d.d_un.d_val;
      if (d.d_tag == DT_FLAGS_1) out_.flags_1 = d.d_un.d_val;
      if (d.d_tag == DT_NEEDED) needed.push_back(d.d_un.d_val);
    }
    if (!strings || !symbols) return;
    texts_ = in_.table<char>(offset_of(strings), strings_size);
    for (const auto name : needed) out_.needed.push_back(text(name));
    read_symbols(offset_of(symbols), gnu_hash ? count_by_gnu_hash(offset_of(gnu_hash)) : count_by_hash(hash));
  }

  std::uint64_t count_by_hash(std::uint64_t address) const {
    if (!address) return 0;
    std::uint32_t head[2];
    in_.fill(head, offset_of(address), sizeof head);
    return head[1];
  }

  /// The table of hashes holds the exported symbols only, in chains; the last of the longest ends the symbol table.
  std::uint64_t count_by_gnu_hash(std::uint64_t at) const {
    std::uint32_t head[4];  // buckets, first symbol, words of the bloom filter, shift
    in_.fill(head, at, sizeof head);
    const auto buckets_at = at + sizeof head + std::uint64_t{head[2]} * 8;
    const auto buckets = in_.table<std::uint32_t>(buckets_at, std::uint64_t{head[0]} * 4);
    std::uint64_t last = 0;
    for (const auto b : buckets) last = std::max<std::uint64_t>(last, b);
    if (last < head[1]) return head[1];
    const auto chains_at = buckets_at + buckets.size() * 4;
    for (;; ++last) {
      std::uint32_t hash = 0;
      in_.fill(&hash, chains_at + (last - head[1]) * 4, sizeof hash);
      if (hash & 1) return last + 1;
    }
  }

  void read_symbols(std::uint64_t at, std::uint64_t count) {
    for (const auto& s : in_.table<Elf64_Sym>(at, count * sizeof(Elf64_Sym))) {
      if (s.st_name == 0) continue;
      const auto binding = ELF64_ST_BIND(s.st_info);
      const auto visibility = ELF64_ST_VISIBILITY(s.st_other);
      elf_file::symbol out;
      out.name = text(s.st_name);
      out.defined = s.st_shndx != SHN_UNDEF;
      out.unique = binding == STB_GNU_UNIQUE;
      out.exported = out.defined && binding != STB_LOCAL && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
      out_.symbols.push_back(std::move(out));
    }
  }

  std::string text(std::uint64_t at) const {
    if (at >= texts_.size()) throw broken{"a name in it points outside its table: build it again"};
    return {texts_.data() + at, strnlen(texts_.data() + at, texts_.size() - at)};
  }

  reader in_;
  elf_file out_;
  std::vector<Elf64_Phdr> programs_;
  std::vector<char> texts_;
};

}  // namespace

result<elf_file> elf_file::read(const std::string& path) {
  try {
    return parser(path).parse();
  } catch (const broken& b) {
    return error{status::malformed, b.why};
  }
}

std::string demangled(const std::string& name) {
  int failed = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &failed),
                                                    std::free);
  return text ? std::string(text.get()) : name;
}

}  // namespace parley::host
