#include "support/control_client.hpp"

namespace parley::test {

std::string control_client::read_line(steady::time_point deadline) {
  for (;;) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      const auto line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    if (socket_.read_some(unread_, deadline) != stream_socket::read_result::data) return {};
  }
}

std::string control_client::raw(const std::string& line, milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  socket_.write_all(line + "\n", deadline);
  return read_line(deadline);
}

control_answer control_client::call(const std::string& verb, const json& args, milliseconds time) {
  const auto deadline = steady::now() + patience(time);
  const json request{{"verb", verb}, {"args", args}};
  if (!socket_.write_all(request.dump() + "\n", deadline)) throw failure("the control socket takes nothing");
  control_answer out;
  for (;;) {
    const auto line = read_line(deadline);
    if (line.empty()) throw failure("no answer to the verb \"" + verb + "\"");
    const auto answer = json::parse(line);
    if (answer.contains("progress")) {
      out.progress.push_back(answer["progress"]);
      continue;
    }
    out.ok = answer.at("ok");
    if (out.ok) {
      out.result = answer.at("result");
    } else {
      out.code = answer.at("code");
      out.error = answer.at("error");
    }
    return out;
  }
}

json control_client::ask(const std::string& verb, const json& args) {
  auto answer = call(verb, args);
  if (!answer.ok) throw failure("\"" + verb + "\" was refused (" + answer.code + "): " + answer.error);
  return answer.result;
}

}  // namespace parley::test
