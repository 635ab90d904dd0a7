#include "store/commands.hpp"
#include "store/copy.hpp"
#include "store/options.hpp"
#include "store/schema.hpp"
#include "store/trouble.hpp"
#include "store/verify.hpp"

#include <cstdio>

namespace parley::store {

namespace {

void copy(end& from, end& to, const copy_options& o, report& out) {
  const auto tables = read_catalog(from);
  refuse_foreign_rows(to, read_catalog(to));
  progress where(to);
  where.begin(from.shown());
  if (where.finished()) {
    throw trouble(to.shown() + ": the copy of " + from.shown() + " is complete; --verify compares them again");
  }
  out.say("tables ...");
  out.set("migrations_applied", migrate_like(from, to, o.parleyd, o.plugins));
  where.checkpoint();
  add_missing(tables, to);
  where.checkpoint();
  copy_tables(from, to, tables, where, out);
}

}  // namespace

int copy_store(const std::vector<std::string>& words, const std::string& directory) {
  const auto o = read_copy_options(words, directory);
  if (o.help) {
    std::fputs(copy_usage, stdout);
    return done;
  }
  end from(o.from, host::connection_role::reader, "--from");
  if (from.sqlite() && o.to.starts_with("sqlite:")) {
    throw trouble("both are SQLite: parleyctl backup copies such a database, of a running node too");
  }
  if (!read_catalog(from).contains("schema_migration")) {
    throw trouble(
        from.shown() +
        ": no node has ever been at work there; a TeamTalk database is taken over by parleyctl import-teamtalk");
  }
  end to(o.to, host::connection_role::writer, "--to");
  report out;
  out.set("from", from.shown());
  out.set("to", to.shown());
  if (!o.verify_only) copy(from, to, o, out);
  out.say("comparing ...");
  const auto difference = compare(from, to, out);
  out.set("same", difference.empty());
  if (!difference.empty()) out.set("difference", difference);
  if (difference.empty() && !o.verify_only) progress(to).finish();
  out.print(o.json);
  if (!difference.empty()) throw trouble(difference, differs);
  return done;
}

}  // namespace parley::store
