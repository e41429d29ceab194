package io.millrace.tests.structure;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModuleBoundariesTest {
    private static final String FIXTURE = ModuleBoundariesTest.class.getPackageName() + ".fixture";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ModuleBoundariesTest::isLibrary)
            .importPackages("io.millrace.ring", "io.millrace.session", "io.millrace.transport");
    private static final JavaClasses BREAKING_EVERY_RULE = new ClassFileImporter().importPackages(FIXTURE);

    /** Not the unit tests that the scenarios share, nor this module's tests of what is not public. */
    private static boolean isLibrary(final Location location) {
        return !location.contains("-tests.jar")
                && !location.contains("/target/test-classes/")
                && !isAeron(location)
                && !location.contains("/tests/target/");
    }

    private static boolean isAeron(final Location location) {
        return location.contains("/aeron/target/classes/") || location.contains("/millrace-aeron-");
    }

    /** A module of its own, which may depend on more than the library, but looks into no room of it but the seam. */
    @Test
    void shouldKeepAeronAtTheSeam() {
        final JavaClasses aeron = new ClassFileImporter()
                .withImportOption(ModuleBoundariesTest::isAeron)
                .importPackages("io.millrace.transport.aeron");
        assertFalse(aeron.isEmpty(), "nothing to look at");
        new Boundaries("io.millrace").aeron().check(aeron);
    }

    static Stream<Named<Function<Boundaries, ArchRule>>> rules() {
        return Stream.of(
                Named.of("ring", Boundaries::ring),
                Named.of("session", Boundaries::session),
                Named.of("channel", Boundaries::channel),
                Named.of("frame", Boundaries::frame),
                Named.of("tls", Boundaries::tls),
                Named.of("websocket", Boundaries::websocket),
                Named.of("aeron", Boundaries::aeron),
                Named.of("publicFace", Boundaries::publicFace),
                Named.of("nothingAbove", Boundaries::nothingAbove),
                Named.of("dependencies", Boundaries::dependencies),
                Named.of("unsafe", Boundaries::unsafe));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void shouldHoldInLibrary(final Function<Boundaries, ArchRule> rule) {
        rule.apply(new Boundaries("io.millrace")).check(LIBRARY);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void shouldReportFixture(final Function<Boundaries, ArchRule> rule) {
        assertTrue(rule.apply(new Boundaries(FIXTURE))
                .evaluate(BREAKING_EVERY_RULE)
                .hasViolation());
    }
}
