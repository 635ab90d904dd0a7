#include "receiving.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <system_error>

#include "multipart.hpp"
#include "names.hpp"
#include "token.hpp"

namespace msfs {
namespace {

received refuse(fault why, std::string sentence = {}) {
  received out;
  out.why = why;
  out.sentence = std::move(sentence);
  return out;
}

received copy_part(const disk& into, int body, const file_part& part, const kept_name& name, std::uint64_t unix_us) {
  received out;
  out.file = into.make_incoming();
  disk::copy(body, part.begin, part.size, out.file.fd());
  if (fsync(out.file.fd()) != 0) fail("syncing an upload");
  std::array<unsigned char, 12> random;
  std::memcpy(random.data(), random_bytes(random.size()).data(), random.size());
  out.path = stored_path(unix_us, random, name);
  out.size = part.size;
  return out;
}

}  // namespace

received receive(const disk& into, const std::string& body_file, const std::string& boundary, std::uint64_t max_file,
                 std::uint64_t unix_us) {
  if (body_file.empty()) return refuse(fault::boundary_not_found);  // there was no body
  try {
    const descriptor body(open(body_file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!body) fail("opening an upload");
    file_source source(body.get());
    const auto part = find_file(source, boundary);
    if (part.why != fault::none) return refuse(part.why);
    const auto name = read_name(part.name);
    if (name.why != fault::none) return refuse(name.why);
    if (part.size > max_file) return refuse(fault::too_large);
    return copy_part(into, body.get(), part, name, unix_us);
  } catch (const std::system_error& e) {
    const int number = e.code().value();
    if (number == ENOSPC || number == EDQUOT) return refuse(fault::store_full, "the store's disk is full");
    return refuse(fault::unavailable, e.what());
  }
}

}  // namespace msfs
