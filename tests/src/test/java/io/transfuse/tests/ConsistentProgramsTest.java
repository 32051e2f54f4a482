package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link ProgramsCases} on a consistent mount. */
class ConsistentProgramsTest extends ProgramsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
