#include "tools/parleyctl/id_map.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <vector>

namespace parleyctl {

namespace pb = google::protobuf;

namespace {

using field = pb::FieldDescriptor;

bool is_text(const field& f) {
  return f.type() == field::TYPE_STRING;
}

/// Whether ids can be of its type.
bool can_be_id(const field& f) {
  switch (f.cpp_type()) {
    case field::CPPTYPE_UINT32:
    case field::CPPTYPE_UINT64:
    case field::CPPTYPE_INT32:
    case field::CPPTYPE_INT64:
      return true;
    default:
      return is_text(f);
  }
}

template <class T>
T number(const std::string& text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The field, or its element `i`.
std::string value_of(const pb::Message& m, const field& f, int i = -1) {
  const auto& r = *m.GetReflection();
  switch (f.cpp_type()) {
    case field::CPPTYPE_UINT32:
      return std::to_string(i < 0 ? r.GetUInt32(m, &f) : r.GetRepeatedUInt32(m, &f, i));
    case field::CPPTYPE_UINT64:
      return std::to_string(i < 0 ? r.GetUInt64(m, &f) : r.GetRepeatedUInt64(m, &f, i));
    case field::CPPTYPE_INT32:
      return std::to_string(i < 0 ? r.GetInt32(m, &f) : r.GetRepeatedInt32(m, &f, i));
    case field::CPPTYPE_INT64:
      return std::to_string(i < 0 ? r.GetInt64(m, &f) : r.GetRepeatedInt64(m, &f, i));
    default:
      return i < 0 ? r.GetString(m, &f) : r.GetRepeatedString(m, &f, i);
  }
}

void set_value(pb::Message& m, const field& f, const std::string& v, int i = -1) {
  const auto& r = *m.GetReflection();
  switch (f.cpp_type()) {
    case field::CPPTYPE_UINT32:
      return i < 0 ? r.SetUInt32(&m, &f, number<std::uint32_t>(v))
                   : r.SetRepeatedUInt32(&m, &f, i, number<std::uint32_t>(v));
    case field::CPPTYPE_UINT64:
      return i < 0 ? r.SetUInt64(&m, &f, number<std::uint64_t>(v))
                   : r.SetRepeatedUInt64(&m, &f, i, number<std::uint64_t>(v));
    case field::CPPTYPE_INT32:
      return i < 0 ? r.SetInt32(&m, &f, number<std::int32_t>(v))
                   : r.SetRepeatedInt32(&m, &f, i, number<std::int32_t>(v));
    case field::CPPTYPE_INT64:
      return i < 0 ? r.SetInt64(&m, &f, number<std::int64_t>(v))
                   : r.SetRepeatedInt64(&m, &f, i, number<std::int64_t>(v));
    default:
      return i < 0 ? r.SetString(&m, &f, v) : r.SetRepeatedString(&m, &f, i, v);
  }
}

std::optional<std::int64_t> number_in(const pb::Message& m, const char* name) {
  const auto* f = m.GetDescriptor()->FindFieldByName(name);
  if (!f || f->is_repeated() || !m.GetReflection()->HasField(m, f)) return std::nullopt;
  if (f->cpp_type() == field::CPPTYPE_ENUM) return m.GetReflection()->GetEnumValue(m, f);
  if (!can_be_id(*f) || is_text(*f)) return std::nullopt;
  return number<std::int64_t>(value_of(m, *f));
}

bool has(const std::string& name, std::string_view part) {
  return name.find(part) != std::string::npos;
}

const std::string revision = "revision of user ";

std::vector<const field*> fields_of(const pb::Message& m) {
  std::vector<const field*> out;
  m.GetReflection()->ListFields(m, &out);
  return out;
}

}  // namespace

/// What a message's ids belong to; a message within another one takes what it lacks from that.
struct id_map::about {
  std::uint64_t user = 0;  // the session's
  bool group = false;      // its conversation is a group's
  std::string conversation;
  std::string object;  // the group that it is about

  about within(const message& m) const {
    about out = *this;
    static constexpr std::int64_t group_session = 2, group_text = 0x11, group_audio = 0x12;
    const auto type = number_in(m, "session_type"), kind = number_in(m, "msg_type");
    if (type) out.group = *type == group_session;
    if (!type && kind && m.GetDescriptor()->FindFieldByName("to_session_id"))
      out.group = *kind == group_text || *kind == group_audio;
    auto peer = number_in(m, "session_id");
    if (const auto to = number_in(m, "to_session_id")) {
      const auto from = number_in(m, "from_user_id");
      peer = !out.group && from && static_cast<std::uint64_t>(*to) == user ? from : to;
    }
    if (peer) {
      const auto other = static_cast<std::uint64_t>(*peer);
      out.conversation =
          out.group ? "of group " + std::to_string(other)
                    : "of " + std::to_string(std::min(user, other)) + " and " + std::to_string(std::max(user, other));
    }
    if (const auto of = number_in(m, "group_id")) out.object = "of group " + std::to_string(*of);
    return out;
  }

  /// What the field's values are ids of; empty: it is none.
  std::string kind(const field& f) const {
    if (!can_be_id(f)) return {};
    std::string name = f.name();
    if (name == "client_msg_id" || name == "command_id") return {};
    if (name.ends_with("_list")) name.resize(name.size() - 5);
    if (name == "revision") return revision + std::to_string(user);
    if (name == "version") return "version " + object;
    if (name == "latest_update_time") return name;
    if (has(name, "msg_id")) return "message " + conversation;
    if (name == "session_id" || name == "to_session_id") return group ? "group" : "user";
    if (name.ends_with("group_id")) return "group";
    if (has(name, "user_id") || name == "from_session_id") return "user";
    for (const auto* person :
         {"member_id", "peer_id", "owner_id", "asker_id", "answerer_id", "inviter_id", "creator_id"}) {
      if (name.ends_with(person)) return "user";
    }
    if (name.ends_with("_id") || name.ends_with("_ids")) return name;
    return {};
  }
};

const std::string* id_map::find(const std::string& kind, const std::string& recorded) const {
  const auto of = kinds_.find(kind);
  if (of == kinds_.end()) return nullptr;
  const auto found = of->second.there.find(recorded);
  return found == of->second.there.end() ? nullptr : &found->second;
}

void id_map::put(const std::string& kind, const std::string& recorded, const std::string& replayed) {
  const bool nothing = recorded == "0" || replayed == "0";
  if (recorded.empty() || replayed.empty() || (nothing && !kind.starts_with(revision))) return;
  auto& of = kinds_[kind];
  if (of.there.contains(recorded) || of.back.contains(replayed)) return;
  of.there[recorded] = replayed;
  of.back[replayed] = recorded;
  ++size_;
}

void id_map::learn(const message& recorded, const message& replayed, std::uint64_t user) {
  about outer;
  outer.user = user;
  learn(recorded, replayed, outer);
}

void id_map::learn(const message& was, const message& is, const about& outer) {
  const auto here = outer.within(was);
  for (const auto* f : fields_of(was)) {
    const bool messages = f->cpp_type() == field::CPPTYPE_MESSAGE;
    if (messages && f->is_repeated()) {
      learn_elements(was, is, *f, here);
    } else if (messages) {
      if (is.GetReflection()->HasField(is, f))
        learn(was.GetReflection()->GetMessage(was, f), is.GetReflection()->GetMessage(is, f), here);
    } else if (const auto kind = here.kind(*f); !kind.empty()) {
      if (f->is_repeated()) {
        learn_list(was, is, *f, kind);
      } else if (is.GetReflection()->HasField(is, f)) {
        put(kind, value_of(was, *f), value_of(is, *f));
      }
    }
  }
}

/// Those that are known find theirs wherever it stands; the others stand in the same order.
void id_map::learn_list(const message& was, const message& is, const field& f, const std::string& kind) {
  const int count = was.GetReflection()->FieldSize(was, &f);
  if (count != is.GetReflection()->FieldSize(is, &f)) return;
  std::vector<std::string> left_was, left_is;
  for (int i = 0; i < count; ++i) left_is.push_back(value_of(is, f, i));
  for (int i = 0; i < count; ++i) {
    const auto value = value_of(was, f, i);
    const auto* known = find(kind, value);
    const auto there = known ? std::find(left_is.begin(), left_is.end(), *known) : left_is.end();
    if (there == left_is.end()) {
      left_was.push_back(value);
    } else {
      left_is.erase(there);
    }
  }
  for (std::size_t i = 0; i < left_was.size(); ++i) put(kind, left_was[i], left_is[i]);
}

void id_map::learn_elements(const message& was, const message& is, const field& f, const about& here) {
  const auto& from = *was.GetReflection();
  const auto& to = *is.GetReflection();
  const int count = from.FieldSize(was, &f);
  if (count != to.FieldSize(is, &f)) return;
  std::vector<const message*> left_was, left_is;
  for (int i = 0; i < count; ++i) left_is.push_back(&to.GetRepeatedMessage(is, &f, i));
  // Which one of the other side says what this one will say once it is translated?
  for (int i = 0; i < count; ++i) {
    const auto& element = from.GetRepeatedMessage(was, &f, i);
    std::unique_ptr<message> copy(element.New());
    copy->CopyFrom(element);
    translate(*copy, here, side::answer);
    const auto text = copy->SerializePartialAsString();
    const auto there = std::find_if(left_is.begin(), left_is.end(),
                                    [&](const auto* one) { return one->SerializePartialAsString() == text; });
    if (there == left_is.end()) {
      left_was.push_back(&element);
    } else {
      learn(element, **there, here);
      left_is.erase(there);
    }
  }
  for (std::size_t i = 0; i < left_was.size(); ++i) learn(*left_was[i], *left_is[i], here);
}

bool id_map::translate(message& recorded, std::uint64_t user, side what) const {
  about outer;
  outer.user = user;
  return translate(recorded, outer, what);
}

bool id_map::translate(message& m, const about& outer, side what) const {
  // By what was recorded: before the first id is another.
  const auto here = outer.within(m);
  const auto& r = *m.GetReflection();
  bool changed = false;
  for (const auto* f : fields_of(m)) {
    const int count = f->is_repeated() ? r.FieldSize(m, f) : 1;
    const bool messages = f->cpp_type() == field::CPPTYPE_MESSAGE;
    const auto kind = messages ? std::string() : here.kind(*f);
    for (int i = 0; i < count; ++i) {
      const int at = f->is_repeated() ? i : -1;
      if (messages) {
        changed =
            translate(at < 0 ? *r.MutableMessage(&m, f) : *r.MutableRepeatedMessage(&m, f, i), here, what) || changed;
      } else if (!kind.empty()) {
        const auto value = value_of(m, *f, at);
        const auto* other = value == "0" && what == side::request ? nullptr : find(kind, value);
        if (!other || *other == value) continue;
        set_value(m, *f, *other, at);
        changed = true;
      }
    }
  }
  return changed;
}

}  // namespace parleyctl
