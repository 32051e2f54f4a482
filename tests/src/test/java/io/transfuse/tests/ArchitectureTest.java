package io.transfuse.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of dependencies, as docs/architecture.md draws it. */
@AnalyzeClasses(packages = "io.transfuse", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule MODULES_DEPEND_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("protocol")
            .definedBy("io.transfuse.protocol..")
            .layer("transport")
            .definedBy("io.transfuse.transport..")
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
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("daemon", "host", "cli")
            .whereLayer("protocol")
            .mayOnlyBeAccessedByLayers("daemon", "host", "cli");

    @ArchTest
    static final ArchRule THE_PROTOCOL_DOES_NO_IO = noClasses()
            .that()
            .resideInAPackage("io.transfuse.protocol..")
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

    @ArchTest
    static final ArchRule DAEMON_PACKAGES_DEPEND_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("control")
            .definedBy("io.transfuse.daemon.control")
            .layer("mount")
            .definedBy("io.transfuse.daemon.mount")
            .layer("operation")
            .definedBy("io.transfuse.daemon.operation")
            .layer("session")
            .definedBy("io.transfuse.daemon.session")
            .layer("fuse")
            .definedBy("io.transfuse.daemon.fuse")
            .whereLayer("control")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("mount")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("operation")
            .mayOnlyBeAccessedByLayers("mount")
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("mount", "operation")
            .whereLayer("fuse")
            .mayOnlyBeAccessedByLayers("mount", "operation");

    @ArchTest
    static final ArchRule HOST_PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.transfuse.host.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_POSIX_TALKS_TO_THE_PLATFORM = noClasses()
            .that()
            .resideInAPackage("io.transfuse.host..")
            .and()
            .resideOutsideOfPackage("io.transfuse.host.posix")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai..");

    @ArchTest
    static final ArchRule NOTHING_USES_INTERNALS_OF_THE_JDK =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");

    @ArchTest
    static final ArchRule LIBRARIES_STAY_IN_THEIR_PLACES = classes()
            .that()
            .resideInAPackage("io.netty..")
            .should()
            .onlyBeAccessed()
            .byAnyPackage("io.transfuse.daemon.control..", "io.netty..")
            .allowEmptyShould(true);
}
