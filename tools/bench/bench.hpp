#pragma once

#include "bench/arguments.hpp"

namespace parley::bench {

/// A benchmark: reads its options, runs, prints. Returns the exit code: 0, 1 when something was violated or the server
/// did not do its part, 2 for wrong usage.
using command = int (*)(arguments&);

int logins(arguments& from);
int chat(arguments& from);
int rate(arguments& from);
int idle(arguments& from);
int group(arguments& from);
int presence(arguments& from);
int file(arguments& from);
int media(arguments& from);
int echo(arguments& from);
int users(arguments& from);

/// Prints what is wrong with the options. False when something is.
bool usable(const arguments& from);

/// Says on standard error why a benchmark could not start. Returns 1.
int cannot(const std::string& why);

}  // namespace parley::bench
