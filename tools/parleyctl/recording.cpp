#include "tools/parleyctl/recording.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tools/client/base64.hpp"

namespace parleyctl {

using json = nlohmann::ordered_json;

recording_writer::recording_writer(const std::string& file, std::uint64_t most) : file_(file), most_(most) {
  fd_ = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd_ < 0)
    throw std::runtime_error("cannot make " + file + ": " + std::strerror(errno) +
                             (errno == EEXIST ? "; a recording is never written over" : ""));
  line({{"parley_recording", 1}});
}

recording_writer::~recording_writer() {
  close(fd_);
}

bool recording_writer::line(const json& value) {
  const std::string text = value.dump() + "\n";
  if (written_ + text.size() > most_) return false;
  for (std::size_t sent = 0; sent < text.size();) {
    const auto count = write(fd_, text.data() + sent, text.size() - sent);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw std::runtime_error("cannot write " + file_ + ": " + std::strerror(errno));
    sent += static_cast<std::size_t>(count);
  }
  written_ += text.size();
  return true;
}

bool recording_writer::add(const recorded_pdu& p) {
  json value{{"t", p.at_ms}, {"s", p.session}, {"u", p.user}, {"in", p.in}, {"c", p.command}, {"q", p.seq}};
  if (p.cut) {
    value["cut"] = p.cut;
  } else {
    value["b"] = parley::client::base64_encode(p.body);
  }
  return line(value);
}

bool recording_writer::add_lost(std::uint64_t count) {
  return line({{"lost", count}});
}

recording read_recording(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file + ": " + std::strerror(errno));
  recording out;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    const auto value = json::parse(text, nullptr, false);
    const auto wrong = [&](const std::string& why) {
      return std::runtime_error(file + ":" + std::to_string(number) + ": " + why);
    };
    if (number == 1) {
      if (!value.is_object() || value.value("parley_recording", json()) != 1)
        throw wrong("this is no recording of parleyctl record");
      continue;
    }
    if (value.is_discarded() && in.eof()) break;
    if (!value.is_object()) throw wrong("not a JSON object");
    try {
      if (value.contains("lost")) {
        out.lost += value["lost"].get<std::uint64_t>();
        continue;
      }
      out.pdus.push_back({value.at("t").get<std::uint64_t>(), value.at("s").get<std::uint64_t>(),
                          value.at("u").get<std::uint64_t>(), value.at("in").get<bool>(),
                          value.at("c").get<std::uint16_t>(), value.at("q").get<std::uint16_t>(),
                          parley::client::base64_decode(value.value("b", std::string())).value_or(""),
                          value.value("cut", std::uint64_t{0})});
    } catch (const json::exception& e) {
      throw wrong(e.what());
    }
  }
  if (in.bad()) throw std::runtime_error("cannot read " + file);
  return out;
}

}  // namespace parleyctl
