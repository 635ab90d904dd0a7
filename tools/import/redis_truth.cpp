#include "import/redis_truth.hpp"

#include <charconv>

#include "import/redis_reader.hpp"
#include "import/trouble.hpp"

namespace parley::teamtalk {
namespace {

constexpr std::string_view unread_head = "unread_", relation_head = "msg_id_", group_head = "group_msg_id_",
                           member_head = "group_member_", shield_head = "group_set_", device_head = "device_";
constexpr std::string_view total_tail = "_im_group_msg", read_tail = "_im_user_group";

bool numbered(std::string_view key, std::string_view head, std::uint32_t& number) {
  return key.starts_with(head) && read_number(key.substr(head.size()), number);
}

/// <one>_<other><tail>
bool numbered_twice(std::string_view key, std::string_view tail, std::uint32_t& one, std::uint32_t& other) {
  if (!key.ends_with(tail)) return false;
  key.remove_suffix(tail.size());
  const auto line = key.find('_');
  return line != key.npos && read_number(key.substr(0, line), one) && read_number(key.substr(line + 1), other);
}

bool numbered_before(std::string_view key, std::string_view tail, std::uint32_t& number) {
  return key.ends_with(tail) && read_number(key.substr(0, key.size() - tail.size()), number);
}

bool names_a_database(const std::string& url) {
  const auto scheme = url.find("://");
  const auto rest = scheme == std::string::npos ? std::string() : url.substr(scheme + 3);
  if (url.starts_with("redis+unix")) return rest.find("?db=") != std::string::npos;
  const auto slash = rest.find('/', rest.rfind('@') == std::string::npos ? 0 : rest.rfind('@'));
  return slash != std::string::npos && slash + 1 < rest.size();
}

void read_database(redis_reader& from, redis_truth& into) {
  from.scan([&](std::span<const std::string> keys) {
    std::vector<std::string> texts, hashes;
    for (const auto& key : keys) {
      const auto kind = redis_truth::kind_of(key);
      if (kind == redis_truth::kind::text) texts.push_back(key);
      if (kind == redis_truth::kind::hash) hashes.push_back(key);
    }
    const auto values = from.texts(texts);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      values[i] ? into.take_text(texts[i], *values[i]) : into.take_strange(texts[i]);
    }
    const auto rows = from.hashes(hashes);
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      rows[i] ? into.take_hash(hashes[i], *rows[i]) : into.take_strange(hashes[i]);
    }
  });
}

}  // namespace

bool read_number(std::string_view text, std::uint32_t& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && failed == std::errc() && end == text.data() + text.size();
}

redis_truth::kind redis_truth::kind_of(std::string_view key) {
  number one = 0, other = 0;
  if (numbered(key, relation_head, one) || numbered(key, group_head, one)) return kind::text;
  if (key.starts_with(device_head) && key.size() > device_head.size()) return kind::text;
  if (numbered(key, unread_head, one) || numbered(key, member_head, one) || numbered(key, shield_head, one)) {
    return kind::hash;
  }
  if (numbered_before(key, total_tail, one) || numbered_twice(key, read_tail, one, other)) return kind::hash;
  return kind::none;
}

void redis_truth::take_strange(std::string_view key) {
  ++strange;
  if (examples.size() < 5) examples.emplace_back(key);
}

void redis_truth::take_text(std::string_view key, const std::string& value) {
  number id = 0, last = 0;
  if (key.starts_with(device_head)) {
    devices[std::string(key.substr(device_head.size()))] = value;
  } else if (!read_number(value, last)) {
    return take_strange(key);
  } else if (numbered(key, group_head, id)) {
    last_of_group[id] = last;
  } else if (numbered(key, relation_head, id)) {
    last_of_relation[id] = last;
  }
  ++keys;
}

void redis_truth::take_hash(std::string_view key, const std::vector<std::pair<std::string, std::string>>& fields) {
  number id = 0, group = 0, name = 0, value = 0;
  bool understood = true;
  for (const auto& [field, text] : fields) {
    if (numbered(key, shield_head, id)) {
      // <user>_1, a field of its own for each setting there might have been.
      const bool of_push = field.ends_with("_1") && read_number(field.substr(0, field.size() - 2), name);
      if (!of_push || !read_number(text, value)) {
        understood = false;
      } else if (value != 0) {
        shields[id].insert(name);
      }
    } else if (!read_number(text, value)) {
      understood = false;
    } else if (numbered_twice(key, read_tail, id, group)) {
      if (field == "count") group_read[{group, id}] = value;
    } else if (numbered_before(key, total_tail, id)) {
      if (field == "count") group_total[id] = value;
    } else if (!read_number(field, name)) {
      understood = false;
    } else if (numbered(key, unread_head, id)) {
      if (value > 0) unread[{id, name}] = value;
    } else if (numbered(key, member_head, id)) {
      members[id][name] = value;
    }
  }
  ++keys;
  if (!understood) take_strange(key);
}

redis_truth read_redis(const std::vector<std::string>& urls) {
  redis_truth all;
  std::string places;
  for (const auto& url : urls) {
    const auto address = host::parse_redis_url(url);
    if (!address) throw trouble("--redis: " + address.text());
    redis_reader from(*address);
    places += (places.empty() ? "" : ", ") + address->shown();
    if (names_a_database(url)) {
      read_database(from, all);
      continue;
    }
    for (const auto database : from.databases()) {
      from.select(database);
      read_database(from, all);
    }
  }
  if (!urls.empty() && all.keys == 0) {
    throw trouble(places +
                  ": no key of TeamTalk's is there; check host and database in the url, or leave --redis out: then "
                  "history counts as read and the members are those in MySQL");
  }
  return all;
}

}  // namespace parley::teamtalk
