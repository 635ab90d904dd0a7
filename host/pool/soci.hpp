// SOCI's headers. Included by the soci_* and backend files only.
#pragma once

// Debian builds SOCI with Boost, and its headers would ask for Boost's; what they add is templates for Boost's own
// types.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME

#include <soci/soci.h>
