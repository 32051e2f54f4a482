package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link FieldCases} on a cached mount. */
class CachedFieldTest extends FieldCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }

    @Override
    boolean seesAtOnce() {
        return false;
    }
}
