package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

class CachedPermissionsTest extends PermissionsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":cached");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
