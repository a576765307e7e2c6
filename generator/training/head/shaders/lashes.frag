#version 330
// Strands on a ribbon along the lid, thin at the tip.
in vec3 R;
out vec4 colour;
uniform vec3 lash_colour;
uniform float lash_density, lash_length;

float hash1(float n) { return fract(sin(n * 12.9898) * 43758.5453); }

void main() {
    bool upper = R.z > 2.5;
    float t = R.y / ((upper ? 1.0 : 0.8) * (0.55 + 0.45 * lash_length));
    float count = upper ? 30.0 : 20.0;
    float along = R.x * count + 0.35 * R.y * (R.x - 0.5) * 8.0;
    float number = floor(along) + 37.0 * R.z;
    float tip = 0.62 + 0.38 * hash1(number), lean = (hash1(number + 3.0) - 0.5) * 0.7;
    float offset = abs(fract(along) - 0.5 - lean * t * 0.5);
    float width = 0.52 * (1.0 - t / tip);
    float strand = smoothstep(width, width * 0.25, offset) * step(t, tip);
    float root = smoothstep(0.20, 0.04, R.y) * (upper ? 0.9 : 0.12);
    float ends = smoothstep(0.0, 0.12, R.x) * smoothstep(1.0, 0.88, R.x);
    float alpha = max(strand * (upper ? 0.9 : 0.38), root) * lash_density * mix(0.5, 1.0, ends);
    if (alpha < 0.02) discard;
    colour = vec4(pow(lash_colour, vec3(1.0 / 2.2)), clamp(alpha, 0.0, 1.0));
}
