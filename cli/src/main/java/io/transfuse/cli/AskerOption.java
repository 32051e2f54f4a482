package io.transfuse.cli;

import picocli.CommandLine.Option;

/** Who asks for a mount or gives it up. */
final class AskerOption {
    @Option(
            names = "--asker",
            paramLabel = "NAME",
            description = "Who asks (default: user). A mount goes away when its last asker gives it up.")
    private String asker = ControlClient.defaultAsker();

    String name() {
        return asker;
    }
}
