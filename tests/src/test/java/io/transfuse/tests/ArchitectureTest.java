package io.transfuse.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The direction of dependencies, as docs/architecture.md draws it. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.transfuse");

    @Test
    void shouldLetModulesDependOneWay() {
        final ArchRule rule = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("protocol")
                .definedBy("io.transfuse.protocol..")
                .layer("transport")
                .definedBy("io.transfuse.transport..")
                .layer("cache")
                .definedBy("io.transfuse.cache..")
                .layer("daemon")
                .definedBy("io.transfuse.daemon..")
                .layer("host")
                .definedBy("io.transfuse.host..")
                .layer("cli")
                .definedBy("io.transfuse.cli..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("daemon")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("host")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("daemon")
                .whereLayer("cache")
                .mayNotAccessAnyLayer()
                .whereLayer("transport")
                .mayOnlyBeAccessedByLayers("daemon", "host", "cli")
                .whereLayer("protocol")
                .mayOnlyBeAccessedByLayers("daemon", "host", "cli");
        rule.check(CLASSES);
    }

    @Test
    void shouldKeepInputAndOutputOutOfProtocolAndCache() {
        final ArchRule rule = noClasses()
                .that()
                .resideInAnyPackage("io.transfuse.protocol..", "io.transfuse.cache..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "jnr..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class);
        rule.check(CLASSES);
    }

    @Test
    void shouldLetPackagesOfTheDaemonDependOneWay() {
        final ArchRule rule = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("control")
                .definedBy("io.transfuse.daemon.control")
                .layer("docker")
                .definedBy("io.transfuse.daemon.docker")
                .layer("volume")
                .definedBy("io.transfuse.daemon.volume")
                .layer("http")
                .definedBy("io.transfuse.daemon.http")
                .layer("mount")
                .definedBy("io.transfuse.daemon.mount")
                .layer("operation")
                .definedBy("io.transfuse.daemon.operation")
                .layer("event")
                .definedBy("io.transfuse.daemon.event")
                .layer("session")
                .definedBy("io.transfuse.daemon.session")
                .layer("fuse")
                .definedBy("io.transfuse.daemon.fuse")
                .whereLayer("control")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("docker")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("volume")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("control", "docker", "volume")
                .whereLayer("mount")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("operation")
                .mayOnlyBeAccessedByLayers("mount")
                .whereLayer("event")
                .mayOnlyBeAccessedByLayers("mount", "operation")
                .whereLayer("event")
                .mayNotAccessAnyLayer()
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("mount", "operation")
                .whereLayer("fuse")
                .mayOnlyBeAccessedByLayers("mount", "operation");
        rule.check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesAmongPackagesOfTheHostServer() {
        final ArchRule rule =
                slices().matching("io.transfuse.host.(*)..").should().beFreeOfCycles();
        rule.check(CLASSES);
    }

    @Test
    void shouldTalkToThePlatformInOnePackageOnly() {
        final ArchRule rule = noClasses()
                .that()
                .resideInAPackage("io.transfuse.host..")
                .and()
                .resideOutsideOfPackage("io.transfuse.host.posix")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai..");
        rule.check(CLASSES);
    }

    @Test
    void shouldUseNoInternalsOfTheJdk() {
        final ArchRule rule = noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");
        rule.check(CLASSES);
    }

    @Test
    void shouldUseNettyForTheSocketsOfTheDaemonOnly() {
        final ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.transfuse.daemon.control", "io.transfuse.daemon.volume", "io.transfuse.daemon.http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..");
        rule.check(CLASSES);
    }
}
