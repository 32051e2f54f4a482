package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ProgramsCases} on a cached mount. */
class CachedProgramsTest extends ProgramsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
