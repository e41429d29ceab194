package io.millrace.transport.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The sockets of this process, each by a name that no other has while it is open. None where the system doesn't tell. */
final class OpenSockets {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path UNIX_SOCKETS = Path.of("/proc/net/unix");

    /** Where the JVM listens once an agent was attached to it, and does so to its end. */
    private static final String ATTACH_LISTENER =
            ".java_pid" + ProcessHandle.current().pid();

    /** The column of the file that names a socket as its descriptor does. */
    private static final int INODE = 6;

    static {
        // The JDK opens one for itself with the first of ours, and keeps it.
        try {
            SocketChannel.open().close();
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private OpenSockets() {}

    static Set<String> list() {
        final Set<String> sockets = new HashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return sockets;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (final Path descriptor : descriptors) {
                addIfSocket(descriptor, sockets);
            }
            sockets.removeAll(attachListeners());
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return sockets;
    }

    private static List<String> attachListeners() throws IOException {
        try (Stream<String> lines = Files.lines(UNIX_SOCKETS)) {
            return lines.filter(line -> line.contains(ATTACH_LISTENER))
                    .map(line -> "socket:[" + line.trim().split("\\s+", -1)[INODE] + "]")
                    .toList();
        }
    }

    private static void addIfSocket(final Path descriptor, final Set<String> sockets) throws IOException {
        try {
            final String target = Files.readSymbolicLink(descriptor).toString();
            if (target.startsWith("socket:")) {
                sockets.add(target);
            }
        } catch (final NoSuchFileException closed) {
            // Closed since it was listed.
        }
    }
}
