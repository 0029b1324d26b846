using System.Text;

namespace Glia.Interchange.Tests.NumPy;

public class NumpyFileTests
{
    [Fact]
    public void AllTypesAndOrders_AreRead()
    {
        using var file = NumpyFile.Open(TestData.PathOf("kinds.npz"));
        Assert.Equal("npz", file.Format);
        Assert.Equal([1, -2.5f], file.ReadSingles("f2"));
        Assert.Equal([1, 2, 3, 4, 5, 6], file.ReadSingles("f4"));
        Assert.Equal([1e300], file.ReadDoubles("f8"));
        Assert.Equal([-5], file.ReadIntegers("i1"));
        Assert.Equal([-500], file.ReadIntegers("i2"));
        Assert.Equal([-70000], file.ReadIntegers("i4"));
        Assert.Equal([-(1L << 62)], file.ReadIntegers("i8"));
        Assert.Equal([250], file.ReadIntegers("u1"));
        Assert.Equal([65000], file.ReadIntegers("u2"));
        Assert.Equal([4000000000], file.ReadIntegers("u4"));
        Assert.Equal([long.MaxValue], file.ReadIntegers("u8"));
        Assert.Equal([true, false], file.ReadBooleans("b1"));
        Assert.Equal(2.5, file.ReadTensor("scalar").Item());
        Assert.Equal((0, 3), file.ReadTensor("empty").Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), file.ReadSingles("fortran"));
        Assert.Equal([0, 1, 2, 3, 4, 5], file.ReadSingles("big"));
        Assert.Equal([0, 1, 2, 3, 4, 5], file.ReadIntegers("both"));
        Assert.Equal("both I16[2, 3]", file.Entry("both").ToString());
    }

    [Fact]
    public void DeflatedArrays_AreRead()
    {
        using var file = WeightFile.Open(TestData.PathOf("deflated.npz"));
        Assert.Equal(new float[1000], file.ReadSingles("zeros"));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double)i), file.ReadDoubles("ramp"));
    }

    [Theory]
    [InlineData("version1.npy")]
    [InlineData("version2.npy")]
    [InlineData("version3.npy")]
    public void EveryVersion_IsRead(string name)
    {
        using var file = WeightFile.Open(TestData.PathOf(name));
        Assert.Equal([0, 1, 2], file.ReadIntegers(Path.GetFileNameWithoutExtension(name)));
    }

    [Fact]
    public void Stream_IsReadToo()
    {
        using var stream = File.OpenRead(TestData.PathOf("array.npy"));
        using var file = NumpyFile.Read(stream);
        Assert.Equal([0, 1, 2, 3, 4, 5], file.ReadDoubles("array"));
    }

    [Fact]
    public void Objects_AreRefused() => Assert.EndsWith(
        "it is an array of Python objects, which are pickles; only arrays of numbers are read. Save arrays of numbers.",
        Assert.Throws<WeightFileException>(() => WeightFile.Open(TestData.PathOf("objects.npy"))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("array.npy")]
    [InlineData("kinds.npz")]
    [InlineData("deflated.npz")]
    public void FileCutAnywhere_IsRefused(string name)
    {
        var bytes = TestData.Bytes(name);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<WeightFileException>(() => WeightFile.Read(bytes.AsMemory(0, length)));
    }

    [Theory]
    [InlineData("array.npy")]
    [InlineData("kinds.npz")]
    [InlineData("deflated.npz")]
    public void FileWithOneChangedByte_IsReadOrRefused(string name)
    {
        var bytes = TestData.Bytes(name);
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var change in (byte[])[1, 0x80, 0xff])
            {
                bytes[i] ^= change;
                TestData.ReadsOrRefuses(bytes);
                bytes[i] ^= change;
            }
        }
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8, "")]
    [InlineData("{\"descr\":\"<f4\",\"shape\":(2,),\"fortran_order\":False}   \n", 8, "")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (), }", 4, "")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 8, "an array of Python objects")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8, "records of several fields")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", 8, "NumPy's type '<c8'")]
    [InlineData("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", 16, "NumPy's type '<U4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", 8, "promises 12 bytes of numbers but 8 follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000000000000, 9000000000000000000), }", 8, "too many elements")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 8, "a size was expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8, "a size was expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", 8, "',' was expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }", 8, "',' was expected")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8, "True or False was expected")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", 8, "lacks one of descr, fortran_order and shape")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8, "the key 'descr' twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", 8, "or should not have it")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } + 1", 8, "nothing more was expected")]
    [InlineData("__import__('os')", 8, "'{' was expected")]
    [InlineData("{'descr", 8, "a text that ends was expected")]
    public void Header_IsWhatNumpyWritesOrRefused(string header, int bytes, string problem)
    {
        var file = Npy(header, bytes);
        if (problem.Length == 0)
            Assert.Single(NumpyFile.Read(file).Entries);
        else
            Assert.Contains(problem, Assert.Throws<WeightFileException>(() => NumpyFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderLongerThanTheFileOrThanAllowed_IsRefused()
    {
        byte[] start = [0x93, .. "NUMPY"u8, 2, 0];
        Assert.Contains("at most", Assert.Throws<WeightFileException>(() => NumpyFile.Read((byte[])[.. start, 0xff, 0xff, 0xff, 0x7f])).Message, StringComparison.Ordinal);
        Assert.Contains("cut short", Assert.Throws<WeightFileException>(() => NumpyFile.Read((byte[])[.. start, 0xff, 0, 0, 0, (byte)'{'])).Message, StringComparison.Ordinal);
        Assert.Contains("version 4.0", Assert.Throws<WeightFileException>(() => NumpyFile.Read((byte[])[0x93, .. "NUMPY"u8, 4, 0, 1, 0])).Message, StringComparison.Ordinal);
    }

    internal static byte[] Npy(string header, int bytes) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]];
}
