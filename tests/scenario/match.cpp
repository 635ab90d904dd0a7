#include <google/protobuf/text_format.h>

#include "scenario/schema.hpp"
#include "support/failure.hpp"

namespace parley::scenario {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;

std::string value_text(const Message& message, const FieldDescriptor* field, int index) {
  std::string out;
  TextFormat::PrintFieldValueToString(message, field, index, &out);
  return out;
}

std::string compare(const Message& wanted, const Message& found, const std::string& path);

/// index -1 for a field that is not repeated.
std::string compare_value(const Message& wanted, const Message& found, const FieldDescriptor* field, int index,
                          const std::string& path) {
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const auto* w = wanted.GetReflection();
    const auto* f = found.GetReflection();
    return index < 0
               ? compare(w->GetMessage(wanted, field), f->GetMessage(found, field), path)
               : compare(w->GetRepeatedMessage(wanted, field, index), f->GetRepeatedMessage(found, field, index), path);
  }
  const auto expected = value_text(wanted, field, index), actual = value_text(found, field, index);
  return expected == actual ? "" : path + ": expected " + expected + ", found " + actual;
}

std::string compare(const Message& wanted, const Message& found, const std::string& path) {
  std::vector<const FieldDescriptor*> set;
  wanted.GetReflection()->ListFields(wanted, &set);
  for (const auto* field : set) {
    const auto here = path.empty() ? field->name() : path + "." + field->name();
    std::string wrong;
    if (!field->is_repeated()) {
      if (!found.GetReflection()->HasField(found, field)) return here + ": not set";
      wrong = compare_value(wanted, found, field, -1, here);
    } else {
      const int expected = wanted.GetReflection()->FieldSize(wanted, field);
      const int actual = found.GetReflection()->FieldSize(found, field);
      if (expected != actual) {
        return here + ": expected " + std::to_string(expected) + ", found " + std::to_string(actual);
      }
      for (int i = 0; i < expected && wrong.empty(); ++i) {
        wrong = compare_value(wanted, found, field, i, here + "[" + std::to_string(i) + "]");
      }
    }
    if (!wrong.empty()) return wrong;
  }
  return {};
}

const FieldDescriptor* field_named(const Message& message, const std::string& name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (!field) throw test::failure(message.GetDescriptor()->name() + " has no field " + name);
  return field;
}

}  // namespace

std::string difference(const Message& wanted, const Message& found) {
  return compare(wanted, found, "");
}

bool has_field(const Message& message, const std::string& name) {
  const auto* field = field_named(message, name);
  return field->is_repeated() ? message.GetReflection()->FieldSize(message, field) > 0
                              : message.GetReflection()->HasField(message, field);
}

std::string field_text(const Message& message, const std::string& path) {
  const auto dot = path.find('.');
  const auto name = path.substr(0, dot);
  if (!has_field(message, name)) throw test::failure(name + " is not set in " + to_text(message));
  const auto* field = field_named(message, name);
  const int index = field->is_repeated() ? 0 : -1;
  if (dot == std::string::npos) return value_text(message, field, index);
  const auto* r = message.GetReflection();
  return field_text(index < 0 ? r->GetMessage(message, field) : r->GetRepeatedMessage(message, field, 0),
                    path.substr(dot + 1));
}

}  // namespace parley::scenario
