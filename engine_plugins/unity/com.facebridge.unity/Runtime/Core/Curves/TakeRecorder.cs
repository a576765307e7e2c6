using System;
using System.Globalization;
using System.IO;
using FaceBridge.Wire;

namespace FaceBridge
{
    /// <summary>Writes what is sent as a take, a Live Link Face recording that `facebridge replay` plays. Each frame costs memory.</summary>
    public sealed class TakeRecorder : IDisposable
    {
        /// <summary>Frames of a second in the timecode.</summary>
        public const int FramesPerSecond = 60;

        static readonly string[] Columns = Bases.CurvesOf(Bases.Arkit55);

        readonly StreamWriter file;

        /// <summary>Begin a file; IOException where it cannot be written.</summary>
        public TakeRecorder(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)));
            file = new StreamWriter(path) { NewLine = "\n" };
            file.Write("Timecode,BlendshapeCount");
            foreach (string curve in Columns)
                file.Write("," + char.ToUpperInvariant(curve[0]) + curve.Substring(1));
            file.WriteLine();
        }

        /// <summary>Rows written.</summary>
        public int Frames { get; private set; }

        /// <summary>One frame at a time of day. ArgumentException where the basis is not ARKit's.</summary>
        public void Write(string basis, float[] values, TimeSpan time)
        {
            if (basis == Bases.Flame55)
                throw new ArgumentException("A take holds ARKit's curves; FLAME parameters cannot be recorded.");
            file.Write(Timecode(time) + "," + Columns.Length);
            for (int column = 0; column < Columns.Length; column++)
                file.Write("," + (column < values.Length ? values[column] : 0f).ToString("r", CultureInfo.InvariantCulture));
            file.WriteLine();
            Frames++;
        }

        /// <summary>End the file.</summary>
        public void Dispose()
        {
            file.Dispose();
        }

        static string Timecode(TimeSpan time)
        {
            double frame = time.TotalSeconds % 1 * FramesPerSecond;
            long thousandths = Math.Min((long)Math.Round(frame * 1000), FramesPerSecond * 1000 - 1);
            return string.Format(
                CultureInfo.InvariantCulture, "{0:00}:{1:00}:{2:00}:{3:00}.{4:000}", time.Hours, time.Minutes, time.Seconds,
                thousandths / 1000, thousandths % 1000);
        }
    }
}
