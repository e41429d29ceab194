package io.millrace.tests.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** Reports every lock, and everything of the JDK that locks or sleeps by design, in the bytecode of one class. */
final class LockScanner extends ClassRemapper {
    /** The only classes that may park a thread, with their nested classes. */
    static final Set<String> MAY_PARK = Set.of("io/millrace/ring/ThreadParker");

    private static final Pattern LOCKING_TYPE = Pattern.compile("java/util/concurrent/(locks/(?!LockSupport$).*"
            + "|\\w*Blocking\\w*|(Synchronous|Transfer|LinkedTransfer|Delay)Queue"
            + "|CountDownLatch|Semaphore|CyclicBarrier|Exchanger|Phaser|ConcurrentHashMap)(\\$.*)?"
            + "|java/util/(Hashtable|Vector|Stack)|java/lang/StringBuffer");
    private static final Pattern BLOCKING_METHOD = Pattern.compile("java/lang/Object\\.(wait|notify|notifyAll)"
            + "|java/lang/Thread\\.sleep|java/util/Collections\\.synchronized\\w+");

    private final Findings findings;

    private LockScanner(final Findings findings) {
        super(Opcodes.ASM9, new MonitorScanner(findings), findings);
        this.findings = findings;
    }

    static List<String> scan(final byte[] classFile) {
        final ClassReader reader = new ClassReader(classFile);
        final Findings findings = new Findings(reader.getClassName());
        reader.accept(new LockScanner(findings), ClassReader.SKIP_DEBUG);
        return findings.texts;
    }

    @Override
    public MethodVisitor visitMethod(
            final int access,
            final String name,
            final String descriptor,
            final String signature,
            final String[] exceptions) {
        findings.method = "." + name + descriptor;
        return super.visitMethod(access, name, descriptor, signature, exceptions);
    }

    private static final class MonitorScanner extends ClassVisitor {
        private final Findings findings;

        MonitorScanner(final Findings findings) {
            super(Opcodes.ASM9);
            this.findings = findings;
        }

        @Override
        public MethodVisitor visitMethod(
                final int access,
                final String name,
                final String descriptor,
                final String signature,
                final String[] exceptions) {
            if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                findings.add("is synchronized");
            }
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitInsn(final int opcode) {
                    if (opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT) {
                        findings.add(opcode == Opcodes.MONITORENTER ? "enters a monitor" : "leaves a monitor");
                    }
                }
            };
        }
    }

    /** ASM asks a remapper about every type and member that a class names, wherever it names it: so it hears of all. */
    private static final class Findings extends Remapper {
        private final List<String> texts = new ArrayList<>();
        private final String className;
        private String method = "";

        Findings(final String className) {
            super(Opcodes.ASM9);
            this.className = className;
        }

        @Override
        public String map(final String type) {
            if (LOCKING_TYPE.matcher(type).matches()) {
                add("names " + type.replace('/', '.'));
            }
            return type;
        }

        @Override
        public String mapMethodName(final String owner, final String name, final String descriptor) {
            final String call = owner + "." + name;
            final boolean parks = call.startsWith("java/util/concurrent/locks/LockSupport.park");
            if (BLOCKING_METHOD.matcher(call).matches() || (parks && !MAY_PARK.contains(outermost(className)))) {
                add("calls " + call.replace('/', '.'));
            }
            return name;
        }

        void add(final String what) {
            final String text = className.replace('/', '.') + method + " " + what;
            if (!texts.contains(text)) {
                texts.add(text);
            }
        }

        private static String outermost(final String type) {
            final int nested = type.indexOf('$');
            return nested < 0 ? type : type.substring(0, nested);
        }
    }
}
