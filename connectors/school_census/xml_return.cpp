#include "connectors/school_census/xml_return.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <sendhub/plugin.hpp>

#include "connectors/school_census/census_values.hpp"
#include "connectors/school_census/xml_element.hpp"
#include "connectors/school_census/xml_scan.hpp"

namespace sendhub::census {
namespace {

using sdk::FileRefused;

constexpr std::size_t max_depth = 64;

class Reader {
  public:
    Reader(XmlInput& input, ReturnSink& sink, const std::function<void()>& after_block)
        : input_(input), sink_(sink), after_block_(after_block) {}

    void run() {
        while (next()) {
            switch (markup_.kind) {
                case Markup::start:
                case Markup::empty:
                    open();
                    break;
                case Markup::end:
                    close();
                    break;
                case Markup::cdata:
                    if (open_.empty())
                        throw FileRefused(
                            "the XML is not well formed: there is text outside the return (XML-FORM)");
                    input_.drop(markup_.size);
                    break;
                default:
                    input_.drop(markup_.size);
                    break;
            }
        }
        if (!root_seen_)
            throw FileRefused(
                "the file has no XML element in it; a census return begins with <Message> (XML-ROOT)");
        if (!open_.empty())
            throw FileRefused("the file ends before its last end tag, with " + std::to_string(open_.size()) +
                              " elements open: it was cut off on its way; fetch it again (XML-CUT)");
        if (!header_seen_) throw FileRefused("the return has no Header (XML-HEADER)");
        if (!pupils_seen_)
            throw FileRefused(
                "the return has no PupilsOnRoll part: it is not a pupil level return; ask the school for the "
                "whole return (XML-PUPILS)");
    }

  private:
    // Finds the next markup and leaves it at the front of the input. False at the end of the file.
    bool next() {
        for (;;) {
            const std::string_view text = input_.text();
            const auto at = text.find('<');
            skip_text(text.substr(0, at));
            if (at == std::string_view::npos) {
                if (!more()) return false;
                continue;
            }
            markup_ = scan_markup(input_.text());
            if (markup_.kind != Markup::incomplete) return true;
            need_more("a tag or comment");
        }
    }

    void skip_text(std::string_view text) {
        if (open_.empty() && !trim(text).empty())
            throw FileRefused(
                root_seen_
                    ? "the XML is not well formed: there is text behind the end of the return (XML-FORM)"
                    : "the file is not XML: it does not begin with a tag (XML-FORM)");
        input_.drop(text.size());
    }

    void open() {
        const std::string_view name = markup_.name;
        if (open_.empty()) {
            if (root_seen_)
                throw FileRefused(
                    "the XML is not well formed: a second element stands behind the return (XML-FORM)");
            root_seen_ = true;
            if (!equal_ignoring_case(name, "Message"))
                throw FileRefused("this is XML that begins with <" + std::string(name.substr(0, 60)) +
                                  ">, and not a school census return: those begin with <Message>; send it to "
                                  "the feed that reads it (XML-ROOT)");
        } else if (open_.size() == 1 && equal_ignoring_case(name, "Header")) {
            return header();
        } else if (is_pupil(name)) {
            return pupils();
        }
        const bool container = is_container(name);
        pupils_seen_ = pupils_seen_ || container;
        if (markup_.kind == Markup::start) {
            if (open_.size() == max_depth)
                throw FileRefused("the XML is nested deeper than any census return (XML-FORM)");
            open_.emplace_back(name);
        }
        input_.drop(markup_.size);
    }

    void close() {
        if (open_.empty() || markup_.name != open_.back())
            // Without the names of the tags: in a damaged file they may be anything, and this sentence is
            // logged.
            throw FileRefused("the XML is not well formed: after " + std::to_string(pupil_count_) +
                              " pupils an end tag does not end the element that is open (XML-FORM)");
        open_.pop_back();
        input_.drop(markup_.size);
    }

    static bool is_container(std::string_view name) {
        return equal_ignoring_case(name, "PupilsOnRoll") || equal_ignoring_case(name, "PupilsNoLongerOnRoll");
    }
    // A pupil of the part that is open?
    bool is_pupil(std::string_view name) const {
        return (equal_ignoring_case(name, "PupilOnRoll") &&
                equal_ignoring_case(open_.back(), "PupilsOnRoll")) ||
               (equal_ignoring_case(name, "PupilNoLongerOnRoll") &&
                equal_ignoring_case(open_.back(), "PupilsNoLongerOnRoll"));
    }

    void header() {
        if (header_seen_)
            throw FileRefused("the return has two headers; one file holds one school's return (XML-HEADER)");
        HeaderText text;
        std::size_t size = 0;
        while ((size = elements_.header(input_.text(), text)) == 0) need_more("the header");
        sink_.header(text);
        header_seen_ = true;
        input_.drop(size);
    }

    // The pupils that follow each other, with nothing but blanks between them. The first is at the front of
    // the input.
    void pupils() {
        if (!header_seen_)
            throw FileRefused("the pupils come before the Header, so their school is not known (XML-HEADER)");
        const bool on_roll = equal_ignoring_case(open_.back(), "PupilsOnRoll");
        const std::string tag = '<' + std::string(markup_.name);
        do {
            std::size_t size = 0;
            while ((size = elements_.pupil(input_.text(), pupil_)) == 0) need_more("a pupil");
            if (size > max_element_bytes) too_large("a pupil");
            pupil_.on_roll = on_roll;
            pupil_.row = ++pupil_count_;
            sink_.pupil(pupil_);
            input_.drop(size);
            input_.drop(blanks(input_.text()));
        } while (input_.text().starts_with(tag) && input_.text().substr(tag.size()).starts_with('>'));
    }

    static std::size_t blanks(std::string_view text) {
        return std::min(text.find_first_not_of(" \t\r\n"), text.size());
    }

    bool more() {
        const bool more = input_.more();
        after_block_();
        return more;
    }
    void need_more(const char* what) {
        if (input_.size() > max_element_bytes) too_large(what);
        if (more()) return;
        throw FileRefused("the file ends inside " + std::string(what) + ", after " +
                          std::to_string(pupil_count_) +
                          " pupils: it was cut off on its way; fetch it again (XML-CUT)");
    }
    [[noreturn]] void too_large(const char* what) const {
        throw FileRefused(std::string(what) + " after pupil " + std::to_string(pupil_count_) +
                          " is larger than 4 MB: this is no census return (XML-SIZE)");
    }

    XmlInput& input_;
    ReturnSink& sink_;
    const std::function<void()>& after_block_;
    Scanned markup_{Markup::incomplete};
    std::vector<std::string> open_;  // elements that are open, outside pupils and header
    bool root_seen_ = false, header_seen_ = false, pupils_seen_ = false;
    std::uint64_t pupil_count_ = 0;
    ElementReader elements_;
    PupilText pupil_;
};

}  // namespace

void read_xml_return(XmlInput& input, ReturnSink& sink, const std::function<void()>& after_block) {
    Reader(input, sink, after_block).run();
}

}  // namespace sendhub::census
