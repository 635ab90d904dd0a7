// A plugin's static objects go with its file, and leave nothing in the process's list of what is to be destroyed.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "fixture.hpp"

namespace parley::test {
namespace {

TEST(static_objects, are_destroyed_in_reverse_when_the_file_is_unmapped) {
  temp_dir scratch;
  const auto told = (scratch.path() / "told").string();
  setenv("PARLEY_TEST_STATICS", told.c_str(), 1);
  for (int i = 0; i < 3; ++i) {
    write_file(told, "");
    void* file = dlopen(changing_file("static_objects").c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_TRUE(file) << dlerror();
    EXPECT_TRUE(dlsym(file, "parley_plugin"));
    EXPECT_EQ(read_file(told), "");
    dlclose(file);
    EXPECT_EQ(read_file(told), "cba");
  }
  unsetenv("PARLEY_TEST_STATICS");
}

TEST(static_objects, of_a_plugin_are_not_in_glibcs_list) {
#ifdef PARLEY_SANITIZED
  GTEST_SKIP() << "sanitized builds unmap nothing";
#endif
  for (const auto& file : {plugin_file("message"), plugin_file("buddy"), changing_file("static_objects")}) {
    const auto wanted = run({"nm", "-D", "--undefined-only", file});
    ASSERT_EQ(wanted.end.code, 0) << wanted.output;
    EXPECT_NE(wanted.output.find("malloc"), std::string::npos) << wanted.output;
    EXPECT_EQ(wanted.output.find("__cxa_atexit"), std::string::npos) << file;
  }
}

}  // namespace
}  // namespace parley::test
