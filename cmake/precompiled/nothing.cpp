// What the sets of precompiled headers hang on.
int main() { return 0; }
