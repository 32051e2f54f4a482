package io.transfuse.bench;

import java.nio.file.Path;

/** Where the programs are that the benchmark starts: the product's own command and what the run script compiled. */
record Tools(Path transfuse, Path compiled) {
    Path load() {
        return compiled.resolve("load");
    }

    Path saves() {
        return compiled.resolve("saves");
    }

    Path leash() {
        return compiled.resolve("leash");
    }

    Path passthrough() {
        return compiled.resolve("passthrough_ll");
    }
}
