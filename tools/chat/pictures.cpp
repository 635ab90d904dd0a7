#include <parley/commands.hpp>

#include "chat/chat.hpp"
#include "client/file_name.hpp"
#include "client/media.hpp"

namespace parley::chat {
namespace {

constexpr std::uint64_t largest_picture = 64u << 20;
constexpr std::string_view usual_http_port = ":8080/";  // config/all-in-one.yaml

/// The file's name in a URL, without what asks or points into it.
std::string name_in(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::string_view name = client::base_name(url);
  return client::safe_file_name(name.empty() ? "picture" : name);
}

}  // namespace

bool chat::send_picture(words& given) {
  const std::string path = path_typed(given);
  if (path.empty()) return false;
  if (!open_) return file_trouble("no chat is open; /to NAME opens one"), true;
  const auto file = client::sent_file::open(path);
  if (!file) return file_trouble("not sent: " + client::printable(file.why().text)), true;
  // A server that knows no leave to upload is TeamTalk's.
  if (me_.extension_level == 0) return upload_picture(*file, *open_, media_url_, ""), true;
  if (!link_.online()) return file_trouble("no picture sent: not connected"), true;
  constexpr std::uint64_t answer_ms = 6000;
  ++asking_;
  link_.session().request(cid::files_upload_token_request, parley::files::UploadTokenReq(), answer_ms,
                          [this, file = *file, to = *open_](const client::result<client::pdu>& answer) {
                            --asking_;
                            leave_given(file, to, answer);
                            pump();
                          });
  return true;
}

void chat::leave_given(const std::shared_ptr<client::sent_file>& file, peer to,
                       const client::result<client::pdu>& answer) {
  const auto not_sent = [this](std::string_view why) { file_trouble("no picture sent: " + client::printable(why)); };
  parley::files::UploadTokenRsp leave;
  if (!answer) return not_sent(answer.why().text);
  if (!answer->read(leave)) return not_sent("an answer that does not parse");
  if (leave.result_code() != 0) return not_sent(client::reason_of_refusal(leave.result_code()));
  const std::uint64_t most = leave.has_max_bytes() ? leave.max_bytes() : largest_picture;
  if (file->size() > most) {
    return not_sent(client::size_in_words(file->size()) + " are too much, at most " + client::size_in_words(most));
  }
  const std::string url = !media_url_.empty() ? media_url_
                          : leave.has_url()   ? leave.url()
                                              : "http://" + link_.where().host + std::string(usual_http_port);
  upload_picture(file, to, url, leave.token());
}

void chat::upload_picture(const std::shared_ptr<client::sent_file>& file, peer to, const std::string& url,
                          const std::string& leave) {
  if (url.empty()) return file_trouble("the server does not say where pictures go; --media URL does");
  ++asking_;
  const unsigned job = ++newest_job_;
  jobs_[job] = client::upload_media(loop_, url, leave, file, [this, job, to](client::result<std::string> there) {
    const auto self = jobs_.extract(job);
    --asking_;
    if (there) {
      say_to(to, client::picture_text(*there));
    } else {
      file_trouble("no picture sent: " + client::printable(there.why().text));
    }
    pump();
  });
}

bool chat::save_picture(words& given) {
  const unsigned number = take_number(given);
  if (number == 0) return false;
  const std::string* const url = pictures_.find(number);
  if (!url) return file_trouble("there is no picture " + std::to_string(number)), true;
  const std::string wanted = path_for(path_typed(given), name_in(*url));
  ++asking_;
  const unsigned job = ++newest_job_;
  auto begun =
      client::download_media(loop_, *url, wanted, largest_picture, [=, this](client::result<std::string> path) {
        const auto self = jobs_.extract(job);
        --asking_;
        if (path) {
          view_.notice("picture " + std::to_string(number) + " is in " + client::printable(*path) +
                       (*path == wanted ? "" : "; there is another " + client::printable(wanted)));
        } else {
          file_trouble("picture " + std::to_string(number) + " is not here: " + client::printable(path.why().text));
        }
        pump();
      });
  if (begun) jobs_[job] = std::move(begun);
  return true;
}

}  // namespace parley::chat
