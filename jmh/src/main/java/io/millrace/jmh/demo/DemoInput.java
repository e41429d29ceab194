package io.millrace.jmh.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The records to stream: every line of every text file below a path, in memory. A file with a zero byte in its first
 * block is not text. Lines past {@link #MAX_RECORD_LENGTH} count as several.
 */
final class DemoInput {
    static final int MAX_RECORD_LENGTH = 64 * 1024;

    private static final int MAX_TOTAL_BYTES = 256 * 1024 * 1024;
    private static final int PROBE_BYTES = 8 * 1024;
    private static final Set<String> SKIPPED_FOLDERS = Set.of(".git", "target", "node_modules");

    private final List<ByteBuffer> records = new ArrayList<>();
    private int files;
    private long bytes;
    private boolean cut;

    private DemoInput() {}

    static DemoInput load(final Path path) throws DemoException {
        if (!Files.isReadable(path)) {
            throw new DemoException("The input " + path + " does not exist or cannot be read.");
        }
        final DemoInput input = new DemoInput();
        try {
            Files.walkFileTree(path, input.new Reader());
        } catch (final IOException ex) {
            throw new DemoException("The input " + path + " cannot be read: " + ex.getMessage() + ".");
        }
        if (input.records.isEmpty()) {
            throw new DemoException("The input " + path + " holds no line of text.");
        }
        return input;
    }

    private void addLines(final byte[] content) {
        int start = 0;
        for (int i = 0; i <= content.length; i++) {
            final boolean end = i == content.length;
            if (end ? i > start : content[i] == '\n' || i - start == MAX_RECORD_LENGTH) {
                records.add(ByteBuffer.wrap(content, start, i - start));
                start = !end && content[i] == '\n' ? i + 1 : i;
            }
        }
    }

    int records() {
        return records.size();
    }

    /** A record, between position and limit of a buffer that must stay as it is. */
    ByteBuffer record(final int index) {
        return records.get(index);
    }

    String describe() {
        return String.format(
                "%,d records of %,d text file%s, %,d bytes%s",
                records.size(),
                files,
                files == 1 ? "" : "s",
                bytes,
                cut ? " (the rest is left out: more than 256 MiB)" : "");
    }

    private final class Reader extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(final Path folder, final BasicFileAttributes attributes) {
            final Path name = folder.getFileName();
            return name != null && SKIPPED_FOLDERS.contains(name.toString())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
            if (!attributes.isRegularFile() || attributes.size() == 0) {
                return FileVisitResult.CONTINUE;
            }
            if (bytes + attributes.size() > MAX_TOTAL_BYTES) {
                cut = true;
                return FileVisitResult.CONTINUE;
            }
            final byte[] content = Files.readAllBytes(file);
            for (int i = 0; i < Math.min(PROBE_BYTES, content.length); i++) {
                if (content[i] == 0) {
                    return FileVisitResult.CONTINUE;
                }
            }
            files++;
            bytes += content.length;
            addLines(content);
            return FileVisitResult.CONTINUE;
        }
    }
}
