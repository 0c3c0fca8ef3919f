// Text made comparable: what two people type for the same word becomes one text.
//
//   fold("  Zoë  O’Brien-Smith ")  →  "zoe obrien smith"
//
// Unicode NFKC and case folding; accents away from Latin, Greek and Cyrillic letters, points away from Arabic
// and Hebrew ones; letters that are spelled with a stroke or joined are taken apart (ł l, ß ss, æ ae, þ th).
// Apostrophes of every kind vanish; every other run of punctuation, symbols and blanks becomes one blank;
// none at the ends. Letters and marks of all scripts, digits, and code points nobody has assigned yet stay. A
// byte that is not UTF-8 is read as Windows-1252 (Latin-1 and its quotes), so nothing that was typed is lost.
// fold(fold(x)) == fold(x).
#pragma once

#include <string>
#include <string_view>

namespace sendhub::identity::text {

// out is replaced; its memory is used again. raw must not be a view of out.
void fold(std::string_view raw, std::string& out);

}  // namespace sendhub::identity::text
