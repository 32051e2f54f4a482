package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link FieldCases} on a consistent mount. */
class ConsistentFieldTest extends FieldCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }

    @Override
    boolean seesAtOnce() {
        return true;
    }
}
