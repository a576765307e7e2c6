#version 330
// Noise and light shared by skin and hair. All positions in rest coordinates (cm), colours linear.
uniform vec3 key_direction;
uniform float camera_distance;

float hash(vec3 p) {
    p = fract(p * 0.3183099 + 0.1) * 17.0;
    return fract(p.x * p.y * p.z * (p.x + p.y + p.z));
}

float noise(vec3 x) {
    vec3 i = floor(x), f = fract(x);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(mix(hash(i), hash(i + vec3(1, 0, 0)), f.x), mix(hash(i + vec3(0, 1, 0)), hash(i + vec3(1, 1, 0)), f.x), f.y),
               mix(mix(hash(i + vec3(0, 0, 1)), hash(i + vec3(1, 0, 1)), f.x), mix(hash(i + vec3(0, 1, 1)), hash(i + vec3(1, 1, 1)), f.x), f.y), f.z);
}

float bump(float distance, float width) { return exp(-distance * distance / (width * width)); }

vec3 to_screen(vec3 linear_colour) { return pow(clamp(linear_colour, 0.0, 1.0), vec3(1.0 / 2.2)); }

const vec3 KEY = vec3(1.02, 0.96, 0.90), SKY = vec3(0.40, 0.43, 0.48), RIM = vec3(0.30, 0.33, 0.40);

// Soft key from the front side, sky from above, a cool rim from behind the other side.
vec3 lit(vec3 albedo, vec3 n, vec3 view, float wrap, float occlusion) {
    float facing = clamp((dot(n, key_direction) + wrap) / (1.0 + wrap), 0.0, 1.0);
    vec3 diffuse = mix(vec3(facing), pow(vec3(facing), vec3(0.82, 1.06, 1.14)), step(0.01, wrap));
    float edge = pow(1.0 - clamp(dot(n, view), 0.0, 1.0), 3.0);
    float behind = clamp(dot(n, normalize(vec3(-key_direction.x * 1.6, 0.35, -0.15))), 0.0, 1.0);
    return albedo * occlusion * (KEY * diffuse * 0.86 + SKY * (0.62 + 0.38 * n.y)) + RIM * edge * behind * occlusion * 0.5;
}

float shine(vec3 n, vec3 view, float gloss) {
    return pow(max(dot(n, normalize(key_direction + view)), 0.0), gloss);
}
