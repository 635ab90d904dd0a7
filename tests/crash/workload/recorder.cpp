#include "crash/workload/recorder.hpp"

namespace parley::crash {

std::int64_t recorder::add(line one) {
  one.at_ns = now();
  one.session = session;
  into_.lines.push_back(std::move(one));
  return last_ns_;
}

place recorder::pushed(const IM::Message::IMMsgData& message) {
  line one{.kind = what::push};
  one.author = message.from_user_id();
  const bool group = message.msg_type() == IM::BaseDefine::MSG_TYPE_GROUP_TEXT;
  one.with = {group, group || one.author == into_.user ? message.to_session_id() : one.author};
  one.msg_id = message.msg_id();
  one.created = message.create_time();
  one.content = hash_of(message.msg_data());
  one.client_msg_id = message.client_msg_id();
  const auto where = one.with;
  add(std::move(one));
  return where;
}

void recorder::page(const IM::Message::IMGetMsgListRsp& answer, std::int64_t asked_at_ns, bool final) {
  line head{.kind = what::page, .final = final};
  head.with = place_of(answer.session_type(), answer.session_id());
  head.msg_id = answer.msg_id_begin();
  head.count = static_cast<std::uint32_t>(answer.msg_list_size());
  head.asked_at_ns = asked_at_ns;
  add(head);
  for (const auto& message : answer.msg_list()) {
    line one{.kind = what::page_message, .final = final};
    one.with = head.with;
    one.author = message.from_session_id();
    one.msg_id = message.msg_id();
    one.created = message.create_time();
    one.content = hash_of(message.msg_data());
    one.client_msg_id = message.client_msg_id();
    add(std::move(one));
  }
}

}  // namespace parley::crash
