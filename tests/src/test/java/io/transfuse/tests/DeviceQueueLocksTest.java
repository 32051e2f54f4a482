package io.transfuse.tests;

import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link LocksCases} with a kernel before Linux 6.14: FUSE 7.41 is agreed with the one that there is, and all requests are read from the device. */
class DeviceQueueLocksTest extends LocksCases {
    @RegisterExtension
    static final Mounted MOUNTED = new Mounted(":consistent", "-Dio.transfuse.daemon.fuse.minor=41");

    @Override
    Mounted mounted() {
        return MOUNTED;
    }
}
