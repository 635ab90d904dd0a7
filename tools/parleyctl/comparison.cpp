#include "tools/parleyctl/comparison.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace parleyctl {

namespace pb = google::protobuf;

namespace {

void clear_one(pb::Message& message, const pb::FieldDescriptor& f) {
  const auto* reflection = message.GetReflection();
  const int count = f.is_repeated() ? reflection->FieldSize(message, &f) : 0;
  reflection->ClearField(&message, &f);
  // Something neutral in its place, as many times: that it is there still counts.
  for (int i = 0; i < (f.is_repeated() ? count : 1); ++i) {
    switch (f.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        f.is_repeated() ? reflection->AddUInt32(&message, &f, 0) : reflection->SetUInt32(&message, &f, 0);
        break;
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        f.is_repeated() ? reflection->AddUInt64(&message, &f, 0) : reflection->SetUInt64(&message, &f, 0);
        break;
      case pb::FieldDescriptor::CPPTYPE_INT32:
        f.is_repeated() ? reflection->AddInt32(&message, &f, 0) : reflection->SetInt32(&message, &f, 0);
        break;
      case pb::FieldDescriptor::CPPTYPE_INT64:
        f.is_repeated() ? reflection->AddInt64(&message, &f, 0) : reflection->SetInt64(&message, &f, 0);
        break;
      case pb::FieldDescriptor::CPPTYPE_STRING:
        f.is_repeated() ? reflection->AddString(&message, &f, "*") : reflection->SetString(&message, &f, "*");
        break;
      default:  // messages, enums, floats: gone is neutral enough
        break;
    }
  }
}

void normalise(pb::Message& message, const normalisation& rules) {
  const auto* reflection = message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* f : fields) {
    if (rules.leaves_out(f->name())) {
      clear_one(message, *f);
    } else if (f->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = f->is_repeated() ? reflection->FieldSize(message, f) : 1;
      for (int i = 0; i < count; ++i) {
        normalise(f->is_repeated() ? *reflection->MutableRepeatedMessage(&message, f, i)
                                   : *reflection->MutableMessage(&message, f),
                  rules);
      }
    }
  }
}

/// A set's order may be that of its ids, which are others here.
void sort_ids(pb::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* f : fields) {
    if (f->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = f->is_repeated() ? reflection->FieldSize(message, f) : 1;
      for (int i = 0; i < count; ++i) {
        sort_ids(f->is_repeated() ? *reflection->MutableRepeatedMessage(&message, f, i)
                                  : *reflection->MutableMessage(&message, f));
      }
    } else if (f->is_repeated() && f->cpp_type() == pb::FieldDescriptor::CPPTYPE_UINT32 &&
               (f->name().ends_with("_id_list") || f->name().ends_with("_id"))) {
      const int count = reflection->FieldSize(message, f);
      std::vector<std::uint32_t> ids;
      for (int i = 0; i < count; ++i) ids.push_back(reflection->GetRepeatedUInt32(message, f, i));
      std::sort(ids.begin(), ids.end());
      for (int i = 0; i < count; ++i) reflection->SetRepeatedUInt32(&message, f, i, ids[static_cast<std::size_t>(i)]);
    }
  }
}

std::string as_bytes(std::string_view body) {
  std::string out = std::to_string(body.size()) + " bytes";
  for (std::size_t i = 0; i < body.size() && i < 32; ++i) {
    char text[4];
    std::snprintf(text, sizeof text, " %02x", static_cast<unsigned char>(body[i]));
    out += text;
  }
  return out + (body.size() > 32 ? " ..." : "");
}

}  // namespace

bool normalisation::leaves_out(const std::string& field) const {
  if (exact) return false;
  if (ignored.contains(field)) return true;
  if (field == "client_msg_id") return false;
  return field.find("time") != std::string::npos || field == "created" || field == "updated" || field == "ends" ||
         field == "expires" || field == "when_ms" || field == "msg_id" || field == "msg_id_list" ||
         field.ends_with("_msg_id");
}

std::optional<std::string> difference(const schema& known, const normalisation& rules, const id_map& ids,
                                      const recorded_pdu& recorded, std::string_view replayed) {
  const auto was = known.decode(recorded.command, recorded.body), is = known.decode(recorded.command, replayed);
  if (!was || !is) {
    if (recorded.body == replayed) return std::nullopt;
    return "recorded " + as_bytes(recorded.body) + "\n    replayed " + as_bytes(replayed);
  }
  if (!rules.exact) {
    ids.translate(*was, recorded.user, id_map::side::answer);
    sort_ids(*was);
    sort_ids(*is);
  }
  for (auto* message : {was.get(), is.get()}) {
    blank_secrets(*message);
    normalise(*message, rules);
  }
  if (was->SerializePartialAsString() == is->SerializePartialAsString()) return std::nullopt;
  return "recorded { " + one_line(*was) + "}\n    replayed { " + one_line(*is) + "}";
}

}  // namespace parleyctl
