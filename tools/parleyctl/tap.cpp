#include "tools/parleyctl/tap.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/text_format.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <parley/commands.hpp>

#include "tools/parleyctl/kit.hpp"
#include "tools/parleyctl/table.hpp"

namespace parleyctl {

namespace pb = google::protobuf;

namespace {

std::string from_base64(const std::string& text) {
  std::string out;
  unsigned value = 0;
  int bits = 0;
  for (unsigned char c : text) {
    const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto* at = std::char_traits<char>::find(alphabet, 64, static_cast<char>(c));
    if (!at) break;
    value = value << 6 | static_cast<unsigned>(at - alphabet);
    if ((bits += 6) >= 8) out += static_cast<char>(value >> (bits -= 8));
  }
  return out;
}

// A secret must not land in a scroll-back.
void blank_secrets(pb::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* f : fields) {
    if (f->is_repeated() || f->cpp_type() != pb::FieldDescriptor::CPPTYPE_STRING) continue;
    if (f->name() == "password" || f->name().find("token") != std::string::npos)
      reflection->SetString(&message, f, "***");
  }
}

}  // namespace

struct pdu_decoder::parts {
  pb::DescriptorPool pool;
  pb::DynamicMessageFactory factory;
};

pdu_decoder::pdu_decoder(const std::string& path) : parts_(std::make_unique<parts>()) {
  std::ifstream in(path.empty() ? (kit_share() / "parley.protoset").string() : path, std::ios::binary);
  pb::FileDescriptorSet set;
  if (!in || !set.ParseFromIstream(&in)) {
    std::fprintf(stderr, "no descriptor set found: bodies are shown by size only (--protoset FILE names one)\n");
    return;
  }
  for (const auto& file : set.file()) parts_->pool.BuildFile(file);
}

pdu_decoder::~pdu_decoder() = default;

std::string pdu_decoder::line(const nlohmann::ordered_json& t) const {
  const auto command = t.value("command", 0u);
  const auto time_ms = t.value("time_ms", std::uint64_t{0});
  const auto seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  char head[160];
  std::snprintf(head, sizeof head, "%02d:%02d:%02d.%03d %s session %llx user %llu 0x%04x seq %u", local.tm_hour,
                local.tm_min, local.tm_sec, static_cast<int>(time_ms % 1000), t.value("in", true) ? ">" : "<",
                static_cast<unsigned long long>(t.value("session", std::uint64_t{0})),
                static_cast<unsigned long long>(t.value("user", std::uint64_t{0})), command, t.value("seq", 0u));
  std::string out = head;
  const auto* known = parley::cid::find(static_cast<std::uint16_t>(command));
  if (!known) return out + " (" + std::to_string(t.value("size", 0u)) + " bytes)";
  out += " " + std::string(known->name);
  const auto* type = parts_->pool.FindMessageTypeByName(std::string(known->message));
  const auto body = from_base64(t.value("body", std::string()));
  if (!type || body.size() < t.value("size", std::size_t{0}))
    return out + " (" + std::to_string(t.value("size", 0u)) + " bytes)";
  std::unique_ptr<pb::Message> message(parts_->factory.GetPrototype(type)->New());
  if (!message->ParsePartialFromString(body))
    return out + " (does not parse, " + std::to_string(body.size()) + " bytes)";
  blank_secrets(*message);
  pb::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(*message, &text);
  return out + " { " + safe(text) + "}";
}

}  // namespace parleyctl
