package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link PermissionsCases} on a cached mount, whose permissions the kernel checks. */
class CachedPermissionsTest extends PermissionsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
