#include "knock.hpp"

#include <parley/state_bytes.hpp>

#include <algorithm>

namespace file {
namespace {

using parley::put;
using parley::put_text;

parley::state_reader reader(const void* data, int size) {
  return parley::state_reader({static_cast<const char*>(data), static_cast<std::size_t>(size)});
}

}  // namespace

std::string knock::encoded() const {
  std::string out;
  put(out, session);
  put(out, seq);
  put(out, user);
  put(out, as);
  put_text(out, id);
  put(out, level);
  put(out, resume);
  put_text(out, address);
  put(out, known);
  return out;
}

bool knock::ParsePartialFromArray(const void* data, int size) {
  auto in = reader(data, size);
  session = in.get<parley_session_id>();
  seq = in.get<std::uint16_t>();
  user = in.get<number>();
  as = static_cast<role>(std::clamp<std::uint8_t>(in.get<std::uint8_t>(), 1, 4));
  id = in.text();
  level = in.get<std::uint32_t>();
  resume = in.get<number>();
  address = in.text();
  known = in.get<std::uint8_t>() != 0;
  return in.done();
}

std::string written_news::encoded() const {
  std::string out;
  put_text(out, id);
  put(out, from);
  put(out, to);
  put_text(out, trouble);
  return out;
}

bool written_news::ParsePartialFromArray(const void* data, int size) {
  auto in = reader(data, size);
  id = in.text();
  from = in.get<std::uint64_t>();
  to = in.get<std::uint64_t>();
  trouble = in.text();
  return in.done();
}

}  // namespace file
