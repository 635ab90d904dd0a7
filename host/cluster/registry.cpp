#include "host/cluster/registry.hpp"

#include "host/base/log.hpp"

namespace parley::host {

namespace {

constexpr std::size_t most_nodes = 4096;

// KEYS: our key, the set. ARGV: incarnation, former incarnation, value, lease, name. Returns "" or who holds the name,
// then every entry.
constexpr std::string_view beat_script = R"(
local held = redis.call('GET', KEYS[1])
local holder = ''
if held then
  local known, value = pcall(cjson.decode, held)
  if known and type(value) == 'table' and value.incarnation ~= ARGV[1] and value.incarnation ~= ARGV[2] then
    holder = held
  end
end
local wrong = false
if holder == '' then
  local set = redis.pcall('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
  if type(set) == 'table' and set.err then wrong = set.err end
  if not wrong then
    local added = redis.pcall('SADD', KEYS[2], ARGV[5])
    if type(added) == 'table' and added.err then wrong = added.err end
  end
end
local out = {holder, wrong or ''}
for _, name in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  local value = redis.pcall('GET', 'parley:node:' .. name)
  if type(value) == 'string' then out[#out + 1] = value elseif not wrong then redis.pcall('SREM', KEYS[2], name) end
end
return out)";

constexpr std::string_view leave_script = R"(
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local known, value = pcall(cjson.decode, held)
if not known or type(value) ~= 'table' or value.incarnation ~= ARGV[1] then return 0 end
redis.call('SREM', KEYS[2], ARGV[2])
return redis.call('DEL', KEYS[1]))";

constexpr std::string_view set_key = "parley:nodes";

std::string key_of(const std::string& name) {
  return "parley:node:" + name;
}

}  // namespace

registry::registry(loop& l, setting s)
    : loop_(l), set_(std::move(s)), link_(l, set_.where, set_.limits), timer_(l, [this] { beat(); }) {
  link_.watch(*this);
  const auto every = std::max<std::uint64_t>(set_.lease_ms / 5, 20);
  timer_.start(every, every);
}

registry::~registry() {
  link_.forget(*this);
  link_.stop();
}

void registry::beat() {
  if (leaving_ || asked_ || !link_.up() || !describe) return;
  auto facts = describe();
  facts.who = set_.self;
  const auto sent =
      link_.send({"EVAL", beat_script, "2", key_of(set_.self.name), set_key, std::to_string(set_.self.incarnation),
                  std::to_string(set_.former), to_json(facts), std::to_string(set_.lease_ms), set_.self.name},
                 [this](const redisReply* reply) {
                   asked_ = false;
                   if (reply) answered(reply);
                 });
  asked_ = sent == status::ok;
}

void registry::answered(const redisReply* reply) {
  const bool is_list = reply->type == REDIS_REPLY_ARRAY && reply->elements >= 2;
  const auto wrong = is_list ? std::string(text_of(reply->element[1])) : std::string(text_of(reply));
  if (!is_list || !wrong.empty()) {
    const auto said = printable(wrong.empty() ? "an answer that is none" : wrong);
    if (refused_ != said) log_of("cluster")->warn("the registry in {}: {}", place(), said);
    refused_ = said;
    entered_ = false;
  } else {
    refused_.clear();
  }
  if (!is_list) return;
  link_.settled();
  const auto held = fellow_from_json(text_of(reply->element[0]));
  holder_ = held.value_or(fellow_facts{});
  entered_ = refused_.empty() && !held;
  fellows_.clear();
  for (std::size_t i = 2; i < reply->elements && fellows_.size() < most_nodes; ++i) {
    auto f = fellow_from_json(text_of(reply->element[i]));
    if (f && f->who.name != set_.self.name) fellows_.push_back(std::move(*f));
  }
  read_ms_ = loop_.now_ms();
  if (on_read) on_read();
}

void registry::redis_down() {
  asked_ = false;
  entered_ = false;
}

void registry::leave() {
  if (leaving_) return;
  leaving_ = true;
  timer_.stop();
  link_.send({"EVAL", leave_script, "2", key_of(set_.self.name), set_key, std::to_string(set_.self.incarnation),
              set_.self.name},
             [](const redisReply*) {});
}

std::string registry::trouble() const {
  if (!holder_.who.name.empty()) {
    return "another node is named " + set_.self.name + " (it listens for links on " + printable(holder_.link_address) +
           ":" + std::to_string(holder_.link_port) + "): rename one of them";
  }
  if (!link_.trouble().empty()) return "registry: " + link_.trouble();
  if (!refused_.empty()) return "registry: " + refused_;
  return known() ? "" : "registry: not read yet";
}

}  // namespace parley::host
