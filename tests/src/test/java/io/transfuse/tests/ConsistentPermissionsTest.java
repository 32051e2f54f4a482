package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

class ConsistentPermissionsTest extends PermissionsCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
