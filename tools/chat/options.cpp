#include "chat/options.hpp"

#include <termios.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "client/http_job.hpp"

namespace parley::chat {
namespace {

constexpr std::string_view help = R"(parley-chat: talk from a terminal.

  parley-chat [--server HOST:PORT] [--user NAME] [--password TEXT] [--mobile]
              [--files DIRECTORY] [--media URL] [--tls] [--ca FILE] [--insecure]

  --server HOST:PORT   default 127.0.0.1:8000
  --user NAME          asked for when missing
  --password TEXT      else the environment's PARLEY_CHAT_PASSWORD, else asked for
  --mobile             log in as a phone, beside a PC terminal of the same user
  --files DIRECTORY    where fetched files and pictures go; default: the current one
  --media URL          where pictures are uploaded to; default: where the server
                       says, or port 8080 of it
  --tls                speak TLS, to a server whose certificate is the system's to trust
  --ca FILE            the same, trusting these certificates; of pictures, too
  --insecure           the same, trusting everybody: only for a try
  --help

Type /help once inside. With input from a pipe every line waits for the one before
it to be answered; files go on beside, and at the end of input it leaves as soon as
everything sent is acknowledged and no file is under way.

It ends with 0; 2 wrong usage; 3 no connection; 4 login refused; 5 signed out by
another terminal; 6 something sent was never acknowledged, or a file or picture
did not arrive.
)";

std::string ask(const char* what, bool hidden) {
  termios before{};
  const bool hide = hidden && tcgetattr(STDIN_FILENO, &before) == 0;
  if (hide) {
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  std::fprintf(stderr, "%s: ", what);
  std::string answer;
  for (char c = 0; read(STDIN_FILENO, &c, 1) == 1 && c != '\n';) answer.push_back(c);
  if (hide) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputc('\n', stderr);
  }
  return answer;
}

}  // namespace

std::optional<options> read_options(int argc, char** argv, int& code) {
  options chosen;
  chosen.who.client_version = "parley-chat";
  bool password_given = false;
  bool with_tls = false, insecure = false;
  std::string ca;
  code = exit_usage;
  const auto wrong = [](const std::string& what) {
    std::cerr << "parley-chat: " << what << "; see --help\n";
    return std::nullopt;
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--help" || name == "-h") {
      std::cout << help;
      code = exit_fine;
      return std::nullopt;
    }
    if (name == "--mobile") {
      chosen.who.client_type = IM::BaseDefine::CLIENT_TYPE_ANDROID;
      continue;
    }
    if (name == "--tls" || name == "--insecure") {
      with_tls = true;
      insecure = insecure || name == "--insecure";
      continue;
    }
    const std::string_view known[] = {"--server", "--user", "--password", "--files", "--media", "--ca"};
    if (std::ranges::find(known, name) == std::end(known)) return wrong("unknown option " + std::string(name));
    if (++i == argc) return wrong(std::string(name) + " needs a value");
    if (name == "--server") {
      const auto server = client::parse_endpoint(argv[i]);
      if (!server) return wrong(std::string("not HOST:PORT: ") + argv[i]);
      chosen.server = *server;
    } else if (name == "--user") {
      chosen.who.user = argv[i];
    } else if (name == "--ca") {
      with_tls = true;
      ca = argv[i];
    } else if (name == "--files") {
      chosen.files = argv[i];
    } else if (name == "--media") {
      chosen.media = argv[i];
    } else {
      chosen.who.password = argv[i];
      password_given = true;
    }
  }
  if (with_tls) {
    auto trust = tls::client_context::make(ca, insecure);
    if (!trust) return wrong(trust.text());
    chosen.server.tls = *trust;
    client::trust_in_http(ca, insecure);
  }
  const bool person = isatty(STDIN_FILENO) != 0;
  if (chosen.who.user.empty() && person) chosen.who.user = ask("name", false);
  if (chosen.who.user.empty()) return wrong("--user is missing");
  if (const char* secret = std::getenv("PARLEY_CHAT_PASSWORD"); !password_given && secret) {
    chosen.who.password = secret;
    password_given = true;
  }
  if (!password_given && !person) return wrong("set PARLEY_CHAT_PASSWORD or --password");
  if (!password_given) chosen.who.password = ask("password", true);
  return chosen;
}

}  // namespace parley::chat
