package io.millrace.tests.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.stream.Stream;

/** Who may know whom below one root package: the real one, or that of the fixtures, which break every rule. */
record Boundaries(String root) {
    /** The rooms inside transport that don't know one another; the agent composes them. */
    private static final String[] PROTOCOLS = {"channel", "frame", "tls", "websocket"};

    ArchRule ring() {
        return noneOf("ring", "session", "transport");
    }

    ArchRule session() {
        return noneOf("session", "transport");
    }

    ArchRule channel() {
        return protocol("channel");
    }

    ArchRule frame() {
        return protocol("frame");
    }

    /** Beside the other rooms, the settings too are above it: they hold its contexts. */
    ArchRule tls() {
        return CompositeArchRule.of(protocol("tls"))
                .and(noClasses()
                        .that()
                        .resideInAPackage(in("transport.tls"))
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(settings())
                        .allowEmptyShould(true));
    }

    ArchRule websocket() {
        return protocol("websocket");
    }

    /** An engine in a module of its own plugs into the channels' seam alone. */
    ArchRule aeron() {
        return noneOf("transport.aeron", "transport.agent", "transport.frame", "transport.tls", "transport.websocket");
    }

    /** Only the top of transport looks down into the rooms, but that settings hold TLS contexts and engines. */
    ArchRule publicFace() {
        return CompositeArchRule.of(looksIntoNone(top(), Stream.of("agent", "frame", "websocket")))
                .and(looksIntoNone(top() + "|" + settings(), Stream.of("channel", "tls")));
    }

    private ArchRule looksIntoNone(final String except, final Stream<String> rooms) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".transport")
                .and()
                .haveNameNotMatching(except)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms.map(room -> in("transport." + room)).toArray(String[]::new));
    }

    private String settings() {
        return (root + ".transport.").replace(".", "\\.") + "(Transport|Connection)Context";
    }

    /** Nothing looks up to the top. */
    ArchRule nothingAbove() {
        return noClasses()
                .that()
                .haveNameNotMatching(top())
                .should()
                .dependOnClassesThat()
                .haveNameMatching(top());
    }

    private String top() {
        return (root + ".transport.Transport").replace(".", "\\.") + "(\\$.*)?";
    }

    ArchRule dependencies() {
        return classes()
                .that()
                .resideInAnyPackage(library())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(
                                Stream.of(library()),
                                Stream.of(
                                        "java..",
                                        "javax.crypto..",
                                        "javax.net..",
                                        "javax.security.auth.x500..",
                                        "jdk.jfr..",
                                        "org.agrona..",
                                        "org.jctools.queues.varhandle.."))
                        .toArray(String[]::new))
                .allowEmptyShould(true);
    }

    /** What needs {@code --add-opens} or warns on a newer JDK stays off the library's paths. */
    ArchRule unsafe() {
        return noClasses()
                .that()
                .resideInAnyPackage(library())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.agrona.concurrent.ringbuffer..",
                        "org.agrona.concurrent.status..",
                        "sun.misc..",
                        "jdk.internal..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("org\\.agrona\\.(UnsafeApi|concurrent\\.UnsafeBuffer)")
                .allowEmptyShould(true);
    }

    private ArchRule protocol(final String name) {
        final Stream<String> others =
                Stream.of(PROTOCOLS).filter(other -> !other.equals(name)).map(other -> "transport." + other);
        return noneOf(
                "transport." + name,
                Stream.concat(others, Stream.of("transport.agent")).toArray(String[]::new));
    }

    private ArchRule noneOf(final String from, final String... to) {
        return noClasses()
                .that()
                .resideInAPackage(in(from))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(to).map(this::in).toArray(String[]::new))
                .allowEmptyShould(true);
    }

    private String[] library() {
        return new String[] {in("ring"), in("session"), in("transport")};
    }

    private String in(final String name) {
        return root + "." + name + "..";
    }
}
