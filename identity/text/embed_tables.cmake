# cmake -DFOLDER=… -DOUTPUT=x.cpp -P embed_tables.cmake: the name tables as text inside the binary.
set(out "// Made from identity/text/data at build time: do not edit.\n#include \"identity/text/class_tables.hpp\"\n\nnamespace sendhub::identity::text {\n")
foreach(name nicknames transliterations)
    file(READ "${FOLDER}/${name}.txt" text)
    string(APPEND out "const std::string_view ${name}_table = R\"__table(${text})__table\";\n")
endforeach()
string(APPEND out "}  // namespace sendhub::identity::text\n")
file(WRITE "${OUTPUT}" "${out}")
