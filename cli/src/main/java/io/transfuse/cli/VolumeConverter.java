package io.transfuse.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lets picocli read a {@link Volume}. */
final class VolumeConverter implements ITypeConverter<Volume> {
    @Override
    public Volume convert(final String text) {
        try {
            return Volume.parse(text);
        } catch (final IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
