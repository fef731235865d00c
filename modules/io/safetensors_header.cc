#include "modules/io/safetensors_header.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace tensor::internal {
namespace {

constexpr std::string_view kMetadata = "__metadata__";

// Names in one text: a header has room for millions of short ones, and each in a set
// would take ten times its length.
class NameList {
 public:
  void add(std::string_view name) {
    places_.push_back({text_.size(), name.size()});
    text_ += name;
  }

  // One that was added twice. Sorts.
  std::optional<std::string_view> repeated() {
    const auto name_at = [this](const Place& place) {
      return std::string_view(text_).substr(place.begin, place.size);
    };
    std::ranges::sort(places_, {}, name_at);
    const auto first = std::ranges::adjacent_find(places_, {}, name_at);
    if (first == places_.end()) return std::nullopt;
    return name_at(*first);
  }

 private:
  struct Place {
    std::size_t begin, size;
  };
  std::string text_;
  std::vector<Place> places_;
};

// The library walks over the text and reports what it meets; this keeps track of where
// that is. No tree is built, so a header of brackets costs no memory, and every name is
// seen, also one that a tree would have overwritten. Returning false ends the walk.
class Walk : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<TensorEntry> entries;
  std::string fault;
  bool other_kind = false;  // a sound header, but not of the kind we read

  bool start_object(std::size_t) override {
    if (place_ == Place::kStart) return go(Place::kNames);
    if (place_ == Place::kNames) {
      if (key_ == kMetadata) return go(Place::kMetadata);
      entries.push_back(
          {.name = key_, .dtype = "", .shape = {}, .position = entries.size()});
      fields_.clear();
      return go(Place::kTensor);
    }
    return fail("an object stands where a value should");
  }

  bool key(std::string& name) override {
    key_ = name;
    if (place_ == Place::kMetadata) {
      metadata_.add(name);
      return true;
    }
    if (place_ == Place::kNames && names_.insert(name).second) return true;
    if (place_ == Place::kTensor && fields_.insert(name).second) return true;
    return fail(in_quotes(name) + " stands there twice");
  }

  bool end_object() override {
    if (place_ == Place::kTensor && fields_.size() != 3) {
      return fail("dtype, shape or data_offsets is missing");
    }
    if (place_ == Place::kMetadata) {
      const std::optional<std::string_view> name = metadata_.repeated();
      if (name.has_value()) {
        return fail(
            absl::StrCat(kMetadata, ": ", in_quotes(*name), " stands there twice"));
      }
    }
    return go(place_ == Place::kNames ? Place::kEnd : Place::kNames);
  }

  bool start_array(std::size_t) override {
    numbers_.clear();
    if (place_ == Place::kTensor && (key_ == "shape" || key_ == "data_offsets")) {
      return go(Place::kNumbers);
    }
    return fail("an array stands where a value should");
  }

  bool end_array() override {
    TensorEntry& entry = entries.back();
    if (key_ == "shape") {
      entry.shape.assign(numbers_.begin(), numbers_.end());
    } else if (numbers_.size() != 2) {
      return fail("data_offsets is not two numbers");
    } else {
      entry.begin = numbers_[0];
      entry.end = numbers_[1];
    }
    return go(Place::kTensor);
  }

  bool number_unsigned(std::uint64_t value) override {
    if (place_ != Place::kNumbers) return fail("a number stands where none should");
    if (value > std::numeric_limits<std::int64_t>::max()) {
      return fail("a number above 2^63 - 1");
    }
    if (key_ == "shape" && numbers_.size() == kMostAxes) {
      other_kind = true;
      return fail(absl::StrCat("more than ", kMostAxes, " axes"));
    }
    if (key_ != "shape" && numbers_.size() == 2) {
      return fail("data_offsets is not two numbers");
    }
    numbers_.push_back(value);
    return true;
  }

  bool string(std::string& value) override {
    if (place_ == Place::kMetadata) return true;
    if (place_ != Place::kTensor || key_ != "dtype") {
      return fail("a string stands where none should");
    }
    entries.back().dtype = value;
    return true;
  }

  bool null() override { return fail("null stands where a value should"); }
  bool boolean(bool) override { return fail("a boolean stands where none should"); }
  bool number_integer(std::int64_t) override { return fail("a negative number"); }
  bool number_float(double, const std::string&) override {
    return fail("a number that is not whole or above 2^64 - 1");
  }
  bool binary(binary_t&) override { return fail("binary data"); }

  // `position` counts the characters read, the offending one included.
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception&) override {
    fault = absl::StrCat("at character ", position == 0 ? 0 : position - 1,
                         ": not JSON, or not UTF-8");
    return false;
  }

 private:
  enum class Place { kStart, kNames, kMetadata, kTensor, kNumbers, kEnd };

  bool go(Place place) {
    place_ = place;
    return true;
  }

  bool fail(std::string_view what) {
    const bool inside = place_ == Place::kTensor || place_ == Place::kNumbers;
    fault = inside ? absl::StrCat("tensor ", in_quotes(entries.back().name), ": ", what)
                   : std::string(what);
    return false;
  }

  Place place_ = Place::kStart;
  std::string key_;
  std::set<std::string> names_;
  std::set<std::string> fields_;
  NameList metadata_;
  std::vector<std::uint64_t> numbers_;
};

bool is_utf8(const std::string& name) {
  try {
    nlohmann::json(name).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

absl::StatusOr<std::vector<TensorEntry>> parse_safetensors_header(
    std::string_view text) {
  Walk walk;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &walk)) {
    return walk.other_kind ? absl::InvalidArgumentError(walk.fault)
                           : absl::DataLossError(walk.fault);
  }
  return std::move(walk.entries);
}

absl::StatusOr<std::string> format_safetensors_header(
    const std::vector<TensorEntry>& entries) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  std::set<std::string> names = {std::string(kMetadata)};
  for (const TensorEntry& entry : entries) {
    if (!names.insert(entry.name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("tensor ", in_quotes(entry.name), ": the name is taken"));
    }
    if (!is_utf8(entry.name)) {
      return absl::InvalidArgumentError(
          absl::StrCat("tensor ", in_quotes(entry.name), ": the name is not UTF-8"));
    }
    // The name is new: operator[] would look through all of them for it.
    header.get_ref<nlohmann::ordered_json::object_t&>().emplace_back(
        entry.name, nlohmann::ordered_json{{"dtype", entry.dtype},
                                           {"shape", entry.shape},
                                           {"data_offsets", {entry.begin, entry.end}}});
  }
  return header.dump();
}

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kShown = 40;
  return absl::StrCat("'", absl::CHexEscape(name.substr(0, kShown)),
                      name.size() > kShown ? "...'" : "'");
}

}  // namespace tensor::internal
