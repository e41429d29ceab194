package io.millrace.jmh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** JVMs that this one starts with its own class path, and that never outlive it. Any thread. */
public final class Jvms {
    private Jvms() {}

    /**
     * The command of a JVM of the running version, to which arguments may be added.
     *
     * @param flags of the JVM.
     * @param main  class.
     * @return a new list.
     */
    public static List<String> command(final List<String> flags, final String main) {
        return command(Path.of(System.getProperty("java.home"), "bin", "java"), flags, main);
    }

    /**
     * The same by another JDK.
     *
     * @param java  the executable.
     * @param flags of the JVM.
     * @param main  class.
     * @return a new list.
     */
    public static List<String> command(final Path java, final List<String> flags, final String main) {
        final List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        return command;
    }

    /** Whoever ends this JVM, by Ctrl-C too, ends all that it has started. */
    public static void endWithThisOne() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly),
                        "end-children"));
    }

    /**
     * Waits for a process, and ends it, with all that it has started, when the time is over or this thread is interrupted.
     *
     * @param process to wait for.
     * @param limitS  longest time, in seconds.
     * @return false if the time was over.
     * @throws InterruptedException if this thread is.
     */
    public static boolean await(final Process process, final long limitS) throws InterruptedException {
        try {
            return process.waitFor(limitS, TimeUnit.SECONDS);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
