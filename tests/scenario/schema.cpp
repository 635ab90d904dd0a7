#include "scenario/schema.hpp"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <fstream>
#include <parley/commands.hpp>

#include "support/failure.hpp"

namespace parley::scenario {
namespace {

/// Keeps the first complaint of the text parser.
class complaint : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text.empty())
      text = "block line " + std::to_string(line + 1) + ":" + std::to_string(column + 1) + ": " + message;
  }
  std::string text;
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

schema::schema(const std::string& protoset) {
  std::ifstream in(protoset, std::ios::binary);
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromIstream(&in)) throw test::failure("cannot read " + protoset);
  for (const auto& file : files.file()) {
    if (!pool_.BuildFile(file)) throw test::failure(protoset + " does not fit together at " + file.name());
  }
}

std::uint16_t schema::command(const std::string& name) const {
  if (name.rfind("CID_", 0) == 0) {
    for (const auto& row : cid::table) {
      if (row.name == lower(name.substr(4))) return row.id;
    }
  }
  throw test::failure("no command is named " + name);
}

std::string schema::name(std::uint16_t command) {
  const auto* row = cid::find(command);
  if (!row) return "command " + std::to_string(command);
  std::string out = "CID_";
  for (const char c : row->name) out.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return out;
}

std::unique_ptr<Message> schema::empty(std::uint16_t command) const {
  const auto* row = cid::find(command);
  const auto* type = row ? pool_.FindMessageTypeByName(std::string(row->message)) : nullptr;
  if (!type) throw test::failure("no message for " + name(command));
  return std::unique_ptr<Message>(factory_.GetPrototype(type)->New());
}

std::unique_ptr<Message> schema::from_text(std::uint16_t command, const std::string& text) const {
  auto out = empty(command);
  complaint why;
  google::protobuf::TextFormat::Parser parser;
  parser.AllowPartialMessage(true);
  parser.RecordErrorsTo(&why);
  if (!parser.ParseFromString(text, out.get())) {
    throw test::failure("the fields do not fit " + name(command) + ", " + why.text);
  }
  return out;
}

std::unique_ptr<Message> schema::from_bytes(std::uint16_t command, const std::string& bytes) const {
  auto out = empty(command);
  if (!out->ParsePartialFromString(bytes)) throw test::failure("the body of " + name(command) + " does not parse");
  if (!out->IsInitialized()) {
    throw test::failure(name(command) + " came without " + out->InitializationErrorString());
  }
  return out;
}

std::string to_text(const Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string out;
  printer.PrintToString(message, &out);
  return out;
}

}  // namespace parley::scenario
