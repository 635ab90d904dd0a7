#include "tools/parleyctl/schema.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/text_format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <parley/commands.hpp>

#include "tools/parleyctl/kit.hpp"
#include "tools/parleyctl/table.hpp"

namespace parleyctl {

namespace pb = google::protobuf;

namespace {

bool is_secret(const std::string& field) {
  return field.find("password") != std::string::npos || field.find("token") != std::string::npos;
}

std::vector<std::string> columns(const std::string& row) {
  std::vector<std::string> out{""};
  for (const char c : row) {
    if (c == ',') {
      out.emplace_back();
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

/// CID_POLL_ASK -> poll_ask, as the kit's own are called.
std::string command_name(const std::string& cid) {
  std::string out = cid.starts_with("CID_") ? cid.substr(4) : cid;
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

/// A pool of its own for each: two plugins may both have a messages.proto.
struct schema::set {
  pb::DescriptorPool pool;
  pb::DynamicMessageFactory factory;
};

schema::schema(const std::string& protoset) {
  const std::string file = protoset.empty() ? (kit_share() / "parley.protoset").string() : protoset;
  if (!load_set(file)) {
    std::fprintf(stderr, "no descriptor set found: bodies are shown by size only (--protoset FILE names one)\n");
    sets_.push_back(std::make_unique<set>());
  }
  for (const auto& row : parley::cid::table) commands_[row.id] = {std::string(row.name), std::string(row.message), 0};
}

schema::schema(schema&&) noexcept = default;
schema::~schema() = default;

bool schema::load_set(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  pb::FileDescriptorSet files;
  if (!in || !files.ParseFromIstream(&in)) return false;
  auto made = std::make_unique<set>();
  for (const auto& one : files.file()) {
    if (!made->pool.BuildFile(one)) return false;
  }
  sets_.push_back(std::move(made));
  return true;
}

void schema::add_plugin(const std::string& so_file) {
  const std::string stem = so_file.substr(0, so_file.ends_with(".so") ? so_file.size() - 3 : so_file.size());
  std::ifstream table(stem + ".commands.csv");
  if (!table) return;
  if (!load_set(stem + ".protoset")) {
    std::fprintf(stderr, "%s.protoset cannot be read: the plugin's messages are shown by size only\n", stem.c_str());
    return;
  }
  std::string row;
  std::getline(table, row);  // id,name,message,direction,owner
  while (std::getline(table, row)) {
    const auto cells = columns(row);
    if (cells.size() < 3) continue;
    const auto id = std::strtoul(cells[0].c_str(), nullptr, 0);
    // What Parley's own table says stands.
    if (id == 0 || id > 0xFFFF || parley::cid::find(static_cast<std::uint16_t>(id))) continue;
    commands_[static_cast<std::uint16_t>(id)] = {command_name(cells[1]), cells[2], sets_.size() - 1};
  }
}

std::string schema::name(std::uint16_t command) const {
  const auto found = commands_.find(command);
  return found == commands_.end() ? std::string() : found->second.name;
}

std::unique_ptr<pb::Message> schema::decode(std::uint16_t command, std::string_view body) const {
  const auto found = commands_.find(command);
  if (found == commands_.end()) return nullptr;
  auto& from = *sets_[found->second.set];
  const auto* type = from.pool.FindMessageTypeByName(found->second.message);
  if (!type) return nullptr;
  std::unique_ptr<pb::Message> message(from.factory.GetPrototype(type)->New());
  if (!message->ParsePartialFromArray(body.data(), static_cast<int>(body.size()))) return nullptr;
  return message;
}

bool blank_secrets(pb::Message& message) {
  bool found = false;
  const auto* reflection = message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* f : fields) {
    const int count = f->is_repeated() ? reflection->FieldSize(message, f) : 1;
    for (int i = 0; i < count; ++i) {
      if (f->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
        found = blank_secrets(f->is_repeated() ? *reflection->MutableRepeatedMessage(&message, f, i)
                                               : *reflection->MutableMessage(&message, f)) ||
                found;
      } else if (f->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING && is_secret(f->name())) {
        found = true;
        if (f->is_repeated()) {
          reflection->SetRepeatedString(&message, f, i, "***");
        } else {
          reflection->SetString(&message, f, "***");
        }
      }
    }
  }
  return found;
}

std::string one_line(const pb::Message& message) {
  pb::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return safe(text);
}

}  // namespace parleyctl
