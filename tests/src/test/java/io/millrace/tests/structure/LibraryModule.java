package io.millrace.tests.structure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/** One of the three library modules, as it was built: a jar or a directory of classes. */
record LibraryModule(String name, Path location, List<String> classFiles) {
    private static final Set<String> NAMES = Set.of("io.millrace.ring", "io.millrace.session", "io.millrace.transport");

    /** The three of the core. */
    static List<LibraryModule> all() {
        return named(NAMES);
    }

    /** The one that carries Aeron. */
    static LibraryModule aeron() {
        return named(Set.of("io.millrace.transport.aeron")).get(0);
    }

    /** Finds the modules by their descriptors, so that a runner other than Maven finds them as well. */
    private static List<LibraryModule> named(final Set<String> names) {
        try {
            final List<LibraryModule> modules = new ArrayList<>();
            final ClassLoader loader = LibraryModule.class.getClassLoader();
            for (final URL descriptor : Collections.list(loader.getResources("module-info.class"))) {
                final ModuleFinder finder = ModuleFinder.of(container(descriptor));
                for (final ModuleReference reference : finder.findAll()) {
                    if (names.contains(reference.descriptor().name())) {
                        modules.add(read(reference));
                    }
                }
            }
            if (modules.size() != names.size()) {
                throw new IllegalStateException("expected=" + names + " found=" + modules);
            }
            return modules;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a user's class path or module path holds: the modules and all that they depend on. */
    static List<Path> path() {
        return Stream.concat(
                        all().stream().map(LibraryModule::location),
                        Stream.of(DirectBuffer.class, MessagePassingQueue.class, MpmcVarHandleArrayQueue.class)
                                .map(LibraryModule::locationOf))
                .toList();
    }

    byte[] read(final String classFile) throws IOException {
        try (ModuleReader reader =
                        ModuleFinder.of(location).find(name).orElseThrow().open();
                InputStream in = reader.open(classFile).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    List<String> classNames() {
        return classFiles.stream()
                .map(file ->
                        file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                .toList();
    }

    /** Where a class was loaded from, to build a child's class path out of no more than it needs. */
    static Path locationOf(final Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static LibraryModule read(final ModuleReference reference) throws IOException {
        try (ModuleReader reader = reference.open()) {
            final List<String> classFiles = reader.list()
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .sorted()
                    .toList();
            return new LibraryModule(
                    reference.descriptor().name(), Path.of(reference.location().orElseThrow()), classFiles);
        }
    }

    private static Path container(final URL descriptor) {
        final String url = descriptor.toString().replace("module-info.class", "");
        return Path.of(URI.create(url.startsWith("jar:") ? url.substring("jar:".length(), url.indexOf("!/")) : url));
    }
}
