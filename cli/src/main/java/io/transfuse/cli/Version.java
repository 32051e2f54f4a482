package io.transfuse.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Tells the release, the protocol version and the Java that runs it. */
final class Version implements IVersionProvider {
    private static final String RESOURCE = "/transfuse.properties";

    @Override
    public String[] getVersion() throws IOException {
        final Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            properties.load(in);
        }
        return new String[] {
            "transfuse " + properties.getProperty("version"),
            "protocol " + io.transfuse.protocol.Version.CURRENT,
            "java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.version")
        };
    }
}
